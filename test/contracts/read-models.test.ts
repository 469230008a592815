import { afterAll, beforeAll } from "vitest";
import { dynamoReadModels } from "../../lib/adapters/dynamodb/read-models.ts";
import { memoryReadModels } from "../../lib/adapters/memory/read-models.ts";
import { type Engine, engine, tables } from "../adapters/dynamodb/engine.ts";
import { projections, readModelsContract } from "./read-models.ts";

let started: Engine;

beforeAll(async () => {
  started = await engine(projections);
});

afterAll(() => started.stop());

readModelsContract("in memory", async () => memoryReadModels(projections));
readModelsContract("on DynamoDB", async () =>
  dynamoReadModels(started.client, projections, tables.readModel),
);
