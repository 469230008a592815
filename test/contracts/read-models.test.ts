import { afterAll, beforeAll } from "vitest";
import { dynamoReadModels } from "../../lib/adapters/dynamodb/read-models/read-models.ts";
import { memoryReadModels } from "../../lib/adapters/memory/read-models.ts";
import { readModelListsContract } from "../../lib/testing/contracts/read-models/read-model-lists.ts";
import { readModelsContract } from "../../lib/testing/contracts/read-models/read-models.ts";
import { projections } from "../../lib/testing/contracts/read-models/stored-rows.ts";
import { type Engine, engine, tables } from "../adapters/dynamodb/engine.ts";

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
