import { afterAll, beforeAll } from "vitest";
import { dynamoInstances } from "../../lib/adapters/dynamodb/instances/instances.ts";
import { memoryInstances } from "../../lib/adapters/memory/instances.ts";
import { instancesContract } from "../../lib/testing/contracts/instances/instances.ts";
import { type Engine, engine, tables } from "../adapters/dynamodb/engine.ts";

let started: Engine;

beforeAll(async () => {
  started = await engine();
});

afterAll(() => started.stop());

instancesContract("in memory", async () => memoryInstances());
instancesContract("on DynamoDB", async () => dynamoInstances(started.client, tables.instances));
