/** Operations for operators: resume, redrive, republish, and list parked streams, parked sagas and dead letters. */

import { deadLetters as keptBy, publisher } from "#bus";
import { dynamoClient } from "../lib/adapters/dynamodb/client.ts";
import { dynamoEventStore } from "../lib/adapters/dynamodb/event-store/event-store.ts";
import { dynamoInstances } from "../lib/adapters/dynamodb/instances/instances.ts";
import { dynamoLedger } from "../lib/adapters/dynamodb/ledger.ts";
import { dynamoParked } from "../lib/adapters/dynamodb/parked.ts";
import { dynamoReadModels } from "../lib/adapters/dynamodb/read-models/read-models.ts";
import * as settings from "../lib/adapters/dynamodb/settings.ts";
import { invocation } from "../lib/adapters/system/invocation.ts";
import { system } from "../lib/adapters/system/system.ts";
import { isTranslator } from "../lib/model/named.ts";
import { operationIn } from "../lib/model/operations/operation.ts";
import { operator } from "../lib/runtime/operations/operate.ts";
import { currentInstances } from "../lib/runtime/sagas/current-instances.ts";
import { engine } from "./sagas/engine.ts";
import { application, current } from "./stored/application.ts";

const client = dynamoClient();
const store = dynamoEventStore(client, settings.eventsTable());
const instances = currentInstances(current, dynamoInstances(client, settings.instancesTable()));
const readModels = dynamoReadModels(client, application.projections, settings.readModelTable);
const ledger = dynamoLedger(client, settings.ledgerTable());
const deadLetters = keptBy(isTranslator(application));
const parked = dynamoParked(client, settings.parkedTable());
const bus = publisher();
const ports = { current, store, instances, readModels, ledger, deadLetters, parked, engine, bus, ...system };
export const handler = invocation((event: unknown) => operator(application, ports)(operationIn(event)));
