/** HTTP request → command → decision → append. */

import { httpHandler } from "../lib/adapters/apigateway/http.ts";
import { callersWithoutToken } from "../lib/adapters/apigateway/settings.ts";
import { dynamoClient } from "../lib/adapters/dynamodb/client.ts";
import { dynamoEventStore } from "../lib/adapters/dynamodb/event-store/event-store.ts";
import { dynamoIdempotencyKeys } from "../lib/adapters/dynamodb/idempotency-keys.ts";
import { eventsTable, idempotencyKeysTable } from "../lib/adapters/dynamodb/settings.ts";
import { invocation } from "../lib/adapters/system/invocation.ts";
import { system } from "../lib/adapters/system/system.ts";
import { commandEndpoint } from "../lib/runtime/http/command-endpoint.ts";
import { cachingStore } from "../lib/runtime/streams/caching-store.ts";
import { commandHandler } from "../lib/runtime/streams/handle-command.ts";
import { application } from "./stored/application.ts";

const client = dynamoClient();
const store = cachingStore(dynamoEventStore(client, eventsTable()));
const keys = dynamoIdempotencyKeys(client, idempotencyKeysTable());
const handle = commandHandler(application, { store, ...system });
const gateway = { log: system.log, callers: callersWithoutToken() };
export const handler = invocation(
  httpHandler(commandEndpoint(application, { handle, keys, ...system }), gateway),
);
