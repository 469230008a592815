/** Schedule → search for stuck sagas, and a new execution for each that has lost its own. */

import { dynamoClient } from "../lib/adapters/dynamodb/client.ts";
import { dynamoInstances } from "../lib/adapters/dynamodb/instances/instances.ts";
import { instancesTable } from "../lib/adapters/dynamodb/settings.ts";
import { scheduledHandler } from "../lib/adapters/eventbridge/scheduled.ts";
import { stepFunctionsClient } from "../lib/adapters/stepfunctions/client.ts";
import { stepFunctionsEngine } from "../lib/adapters/stepfunctions/saga-engine.ts";
import { endsUnreported, machineOf } from "../lib/adapters/stepfunctions/settings.ts";
import { invocation } from "../lib/adapters/system/invocation.ts";
import { system } from "../lib/adapters/system/system.ts";
import { inspector } from "../lib/runtime/sagas/inspect.ts";
import { application } from "./stored/application.ts";

const instances = dynamoInstances(dynamoClient(), instancesTable());
const engine = stepFunctionsEngine(stepFunctionsClient(), { machineOf });
const inspect = inspector(application, { instances, engine, endsUnreported, ...system });
export const handler = invocation(scheduledHandler(inspect));
