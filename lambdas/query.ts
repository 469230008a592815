/** HTTP request → read model, history, saga or document. Also answers requests that match no route. */
import { application as written } from "#application";
import { httpHandler } from "../lib/adapters/apigateway/http.ts";
import { apiGuard, callersWithoutToken } from "../lib/adapters/apigateway/settings.ts";
import { dynamoClient } from "../lib/adapters/dynamodb/client.ts";
import { dynamoEventStore } from "../lib/adapters/dynamodb/event-store/event-store.ts";
import { dynamoInstances } from "../lib/adapters/dynamodb/instances/instances.ts";
import { dynamoReadModels } from "../lib/adapters/dynamodb/read-models/read-models.ts";
import { eventsTable, instancesTable, readModelTable } from "../lib/adapters/dynamodb/settings.ts";
import { invocation } from "../lib/adapters/system/invocation.ts";
import { system } from "../lib/adapters/system/system.ts";
import { apiDocuments } from "../lib/compile/openapi/api-documents.ts";
import { queryEndpoint } from "../lib/runtime/http/queries/query-endpoint.ts";
import { currentInstances } from "../lib/runtime/sagas/current-instances.ts";
import { application, current } from "./stored/application.ts";

const client = dynamoClient();
const readModels = dynamoReadModels(client, application.projections, readModelTable);
const answers = {
  store: dynamoEventStore(client, eventsTable()),
  instances: currentInstances(current, dynamoInstances(client, instancesTable())),
  documents: apiDocuments(written, apiGuard(), callersWithoutToken()),
};
const gateway = { log: system.log, callers: callersWithoutToken() };
export const handler = invocation(
  httpHandler(queryEndpoint(application, { readModels, ...answers, ...system }), gateway),
);
