import { afterAll, beforeAll } from "vitest";
import { dynamoEventStore } from "../../lib/adapters/dynamodb/event-store/event-store.ts";
import { memoryEventStore } from "../../lib/adapters/memory/event-store.ts";
import { eventStoreContract } from "../../lib/testing/contracts/event-store.ts";
import { type Engine, engine, tables } from "../adapters/dynamodb/engine.ts";

let started: Engine;

beforeAll(async () => {
  started = await engine();
});

afterAll(() => started.stop());

eventStoreContract("in memory", async () => memoryEventStore());
eventStoreContract("on DynamoDB", async () => dynamoEventStore(started.client, tables.events));
