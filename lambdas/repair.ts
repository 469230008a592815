/** Events replayed from an archive → read models. */

import { dynamoClient } from "../lib/adapters/dynamodb/client.ts";
import { dynamoEventStore } from "../lib/adapters/dynamodb/event-store/event-store.ts";
import { dynamoParked } from "../lib/adapters/dynamodb/parked.ts";
import { dynamoReadModels } from "../lib/adapters/dynamodb/read-models/read-models.ts";
import { eventsTable, parkedTable, readModelTable } from "../lib/adapters/dynamodb/settings.ts";
import { sqsClient } from "../lib/adapters/sqs/client.ts";
import { sqsHandler } from "../lib/adapters/sqs/handler.ts";
import { invocation } from "../lib/adapters/system/invocation.ts";
import { system } from "../lib/adapters/system/system.ts";
import { repairer } from "../lib/runtime/projections/repair.ts";
import { application } from "./stored/application.ts";

const client = dynamoClient();
const readModels = dynamoReadModels(client, application.projections, readModelTable);
const stores = {
  store: dynamoEventStore(client, eventsTable()),
  parked: dynamoParked(client, parkedTable()),
};
const repair = repairer(application.projections, { readModels, ...stores, ...system });
export const handler = invocation(sqsHandler(repair, { client: sqsClient(), ...system }));
