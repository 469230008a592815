/** HTTP request → a parked saga continues. */

import { httpHandler } from "../lib/adapters/apigateway/http.ts";
import { callersWithoutToken } from "../lib/adapters/apigateway/settings.ts";
import { dynamoClient } from "../lib/adapters/dynamodb/client.ts";
import { dynamoEventStore } from "../lib/adapters/dynamodb/event-store/event-store.ts";
import { dynamoIdempotencyKeys } from "../lib/adapters/dynamodb/idempotency-keys.ts";
import { dynamoInstances } from "../lib/adapters/dynamodb/instances/instances.ts";
import { eventsTable, idempotencyKeysTable, instancesTable } from "../lib/adapters/dynamodb/settings.ts";
import { invocation } from "../lib/adapters/system/invocation.ts";
import { system } from "../lib/adapters/system/system.ts";
import { resumeEndpoint } from "../lib/runtime/http/resume-endpoint.ts";
import { currentInstances } from "../lib/runtime/sagas/current-instances.ts";
import { engine } from "./sagas/engine.ts";
import { application, current } from "./stored/application.ts";

const client = dynamoClient();
const store = dynamoEventStore(client, eventsTable());
const instances = currentInstances(current, dynamoInstances(client, instancesTable()));
const keys = dynamoIdempotencyKeys(client, idempotencyKeysTable());
const ports = { current, store, instances, engine, keys, ...system };
const gateway = { log: system.log, callers: callersWithoutToken() };
export const handler = invocation(httpHandler(resumeEndpoint(application, ports), gateway));
