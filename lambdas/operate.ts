/** What operators do: resume, list what is parked or a dead letter, redrive, republish. */
import { deadLetters as keptBy, publisher } from "#bus";
import { dynamoClient } from "../lib/adapters/dynamodb/client.ts";
import { dynamoEventStore } from "../lib/adapters/dynamodb/event-store/event-store.ts";
import { dynamoInstances } from "../lib/adapters/dynamodb/instances/instances.ts";
import { dynamoLedger } from "../lib/adapters/dynamodb/ledger.ts";
import { dynamoParked } from "../lib/adapters/dynamodb/parked.ts";
import { dynamoReadModels } from "../lib/adapters/dynamodb/read-models/read-models.ts";
import * as settings from "../lib/adapters/dynamodb/settings.ts";
import { stepFunctionsClient } from "../lib/adapters/stepfunctions/client.ts";
import { stepFunctionsEngine } from "../lib/adapters/stepfunctions/saga-engine.ts";
import { machineOf } from "../lib/adapters/stepfunctions/settings.ts";
import { invocation } from "../lib/adapters/system/invocation.ts";
import { system } from "../lib/adapters/system/system.ts";
import { isTranslator } from "../lib/model/named.ts";
import { operationIn, operator } from "../lib/runtime/operations/operate.ts";
import { shop } from "../lib/shop/shop.ts";

const client = dynamoClient();
const store = dynamoEventStore(client, settings.eventsTable());
const instances = dynamoInstances(client, settings.instancesTable());
const readModels = dynamoReadModels(client, shop.projections, settings.readModelTable);
const ledger = dynamoLedger(client, settings.ledgerTable());
const deadLetters = keptBy(isTranslator(shop));
const parked = dynamoParked(client, settings.parkedTable());
const engine = stepFunctionsEngine(stepFunctionsClient(), { machineOf });
const bus = publisher();
const ports = { store, instances, readModels, ledger, deadLetters, parked, engine, bus, ...system };
export const handler = invocation((event: unknown) => operator(shop, ports)(operationIn(event)));
