/** Events and deadlines → one saga without a state machine. */

import { consumer } from "#bus";
import { dynamoClient } from "../lib/adapters/dynamodb/client.ts";
import { dynamoEventStore } from "../lib/adapters/dynamodb/event-store/event-store.ts";
import { dynamoInstances } from "../lib/adapters/dynamodb/instances/instances.ts";
import { eventsTable, instancesTable } from "../lib/adapters/dynamodb/settings.ts";
import { schedulerClient } from "../lib/adapters/scheduler/client.ts";
import { schedulerDeadlines } from "../lib/adapters/scheduler/deadlines.ts";
import { deadlineSettings } from "../lib/adapters/scheduler/settings.ts";
import { invocation } from "../lib/adapters/system/invocation.ts";
import { sagaName } from "../lib/adapters/system/settings.ts";
import { system } from "../lib/adapters/system/system.ts";
import { sagaNamed } from "../lib/model/named.ts";
import { choreographer } from "../lib/runtime/sagas/choreograph.ts";
import { currentInstances } from "../lib/runtime/sagas/current-instances.ts";
import { cachingStore } from "../lib/runtime/streams/caching-store.ts";
import { commandHandler } from "../lib/runtime/streams/handle-command.ts";
import { application, current } from "./stored/application.ts";

const client = dynamoClient();
const store = cachingStore(dynamoEventStore(client, eventsTable()));
const instances = currentInstances(current, dynamoInstances(client, instancesTable()));
const deadlines = schedulerDeadlines(schedulerClient(), deadlineSettings(), system);
const handle = commandHandler(application, { store, ...system });
const ports = { current, store, instances, deadlines, handle, ...system };
const choreograph = choreographer(sagaNamed(application, sagaName()), ports);
export const handler = invocation(consumer(choreograph));
