/** Schedule → search for stuck sagas. Each stuck instance of a choreography is continued. */

import { dynamoClient } from "../lib/adapters/dynamodb/client.ts";
import { dynamoInstances } from "../lib/adapters/dynamodb/instances/instances.ts";
import { instancesTable } from "../lib/adapters/dynamodb/settings.ts";
import { scheduledHandler } from "../lib/adapters/eventbridge/scheduled.ts";
import { sqsClient } from "../lib/adapters/sqs/client.ts";
import { sqsContinueSaga } from "../lib/adapters/sqs/continue-saga.ts";
import { hasQueue, queueOf } from "../lib/adapters/sqs/settings.ts";
import { invocation } from "../lib/adapters/system/invocation.ts";
import { system } from "../lib/adapters/system/system.ts";
import { currentInstances } from "../lib/runtime/sagas/current-instances.ts";
import { inspector } from "../lib/runtime/sagas/inspect.ts";
import { application, current } from "./stored/application.ts";

const instances = currentInstances(current, dynamoInstances(dynamoClient(), instancesTable()));
const continueSaga = sqsContinueSaga(sqsClient(), queueOf);
const inspect = inspector(application, { instances, isChoreographed: hasQueue, continueSaga, ...system });
export const handler = invocation(scheduledHandler(inspect));
