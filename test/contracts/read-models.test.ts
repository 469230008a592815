import { afterAll, beforeAll } from "vitest";
import { dynamoReadModels } from "../../lib/adapters/dynamodb/read-models/read-models.ts";
import { memoryReadModels } from "../../lib/adapters/memory/read-models.ts";
import { type Engine, engine, tables } from "../adapters/dynamodb/engine.ts";
import { readModelListsContract } from "./read-model-lists.ts";
import { readModelsContract } from "./read-models.ts";
import { projections } from "./stored-rows.ts";

let started: Engine;

beforeAll(async () => {
  started = await engine(projections);
});

afterAll(() => started.stop());

const inMemory = async () => memoryReadModels(projections);
const onDynamo = async () => dynamoReadModels(started.client, projections, tables.readModel);

readModelsContract("in memory", inMemory);
readModelsContract("on DynamoDB", onDynamo);
readModelListsContract("in memory", inMemory);
readModelListsContract("on DynamoDB", onDynamo);
