/** HTTP request → command → decision → append. */
import { httpHandler } from "../lib/adapters/apigateway/http.ts";
import { dynamoClient } from "../lib/adapters/dynamodb/client.ts";
import { dynamoEventStore } from "../lib/adapters/dynamodb/event-store.ts";
import { eventsTable } from "../lib/adapters/dynamodb/settings.ts";
import { system } from "../lib/adapters/system/system.ts";
import { shop } from "../lib/domain/shop.ts";
import { commandEndpoint } from "../lib/runtime/command-endpoint.ts";
import { commandHandler } from "../lib/runtime/handle-command.ts";

const handle = commandHandler(shop, { store: dynamoEventStore(dynamoClient(), eventsTable()), ...system });
export const handler = httpHandler(commandEndpoint(shop, { handle, ...system }), system.log);
