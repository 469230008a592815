/** A task of a saga's state machine → commands. */

import { dynamoClient } from "../lib/adapters/dynamodb/client.ts";
import { dynamoEventStore } from "../lib/adapters/dynamodb/event-store/event-store.ts";
import { dynamoInstances } from "../lib/adapters/dynamodb/instances/instances.ts";
import { eventsTable, instancesTable } from "../lib/adapters/dynamodb/settings.ts";
import { stepFunctionsClient } from "../lib/adapters/stepfunctions/client.ts";
import { stepFunctionsEngine } from "../lib/adapters/stepfunctions/saga-engine.ts";
import { machineOf } from "../lib/adapters/stepfunctions/settings.ts";
import { taskHandler } from "../lib/adapters/stepfunctions/task.ts";
import { invocation } from "../lib/adapters/system/invocation.ts";
import { sagaName } from "../lib/adapters/system/settings.ts";
import { system } from "../lib/adapters/system/system.ts";
import { sagaNamed } from "../lib/model/named.ts";
import { currentInstances } from "../lib/runtime/sagas/current-instances.ts";
import { sagaTask } from "../lib/runtime/sagas/saga-task.ts";
import { cachingStore } from "../lib/runtime/streams/caching-store.ts";
import { commandHandler } from "../lib/runtime/streams/handle-command.ts";
import { application, current } from "./stored/application.ts";

const client = dynamoClient();
const store = cachingStore(dynamoEventStore(client, eventsTable()));
const instances = currentInstances(current, dynamoInstances(client, instancesTable()));
const engine = stepFunctionsEngine(stepFunctionsClient(), { machineOf });
const handle = commandHandler(application, { store, ...system });
export const handler = invocation(
  taskHandler(
    sagaTask(sagaNamed(application, sagaName()), { current, store, instances, engine, handle, ...system }),
  ),
);
