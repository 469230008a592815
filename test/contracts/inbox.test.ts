import { afterAll, beforeAll } from "vitest";
import { dynamoInbox } from "../../lib/adapters/dynamodb/inbox.ts";
import { memoryInbox } from "../../lib/adapters/memory/inbox.ts";
import { inboxContract } from "../../lib/testing/contracts/inbox.ts";
import { type Engine, engine, tables } from "../adapters/dynamodb/engine.ts";

let started: Engine;

beforeAll(async () => {
  started = await engine();
});

afterAll(() => started.stop());

inboxContract("in memory", async () => memoryInbox());
inboxContract("on DynamoDB", async () => dynamoInbox(started.client, tables.inbox));
