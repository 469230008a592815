import { afterAll, beforeAll } from "vitest";
import { dynamoParked } from "../../lib/adapters/dynamodb/parked.ts";
import { memoryParked } from "../../lib/adapters/memory/parked.ts";
import { parkedContract } from "../../lib/testing/contracts/parked.ts";
import { type Engine, engine, tables } from "../adapters/dynamodb/engine.ts";

let started: Engine;

beforeAll(async () => {
  started = await engine();
});

afterAll(() => started.stop());

parkedContract("in memory", async () => memoryParked());
parkedContract("on DynamoDB", async () => dynamoParked(started.client, tables.parked));
