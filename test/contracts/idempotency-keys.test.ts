import { afterAll, beforeAll } from "vitest";
import { dynamoIdempotencyKeys } from "../../lib/adapters/dynamodb/idempotency-keys.ts";
import { memoryIdempotencyKeys } from "../../lib/adapters/memory/idempotency-keys.ts";
import { idempotencyKeysContract } from "../../lib/testing/contracts/idempotency-keys.ts";
import { type Engine, engine, tables } from "../adapters/dynamodb/engine.ts";

let started: Engine;

beforeAll(async () => {
  started = await engine();
});

afterAll(() => started.stop());

idempotencyKeysContract("in memory", async () => memoryIdempotencyKeys());
idempotencyKeysContract("on DynamoDB", async () =>
  dynamoIdempotencyKeys(started.client, tables.idempotencyKeys),
);
