/** The event table's stream → read models. */

import { dynamoClient } from "../lib/adapters/dynamodb/client.ts";
import { dynamoEventStore } from "../lib/adapters/dynamodb/event-store/event-store.ts";
import { streamHandler } from "../lib/adapters/dynamodb/event-store/stream.ts";
import { dynamoParked } from "../lib/adapters/dynamodb/parked.ts";
import { dynamoReadModels } from "../lib/adapters/dynamodb/read-models/read-models.ts";
import { eventsTable, parkedTable, readModelTable } from "../lib/adapters/dynamodb/settings.ts";
import { invocation } from "../lib/adapters/system/invocation.ts";
import { system } from "../lib/adapters/system/system.ts";
import { cachingReadModels } from "../lib/runtime/projections/caching-read-models.ts";
import { projector } from "../lib/runtime/projections/project.ts";
import { application } from "./stored/application.ts";

const client = dynamoClient();
const readModels = cachingReadModels(dynamoReadModels(client, application.projections, readModelTable));
const stores = {
  store: dynamoEventStore(client, eventsTable()),
  parked: dynamoParked(client, parkedTable()),
};
export const handler = invocation(
  streamHandler(projector(application.projections, { readModels, ...stores, ...system })),
);
