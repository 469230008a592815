/**
 * The table of errors: each row with an answer of DynamoDB, first by its text and, if the engine gives the same
 * answer, by a real request.
 */
import {
  BatchGetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { permanently } from "../../../lib/adapters/dynamodb/errors.ts";
import { PermanentError } from "../../../lib/ports/permanent-error.ts";
import { type Engine, engine, tables } from "./engine.ts";
import { cancelled, conditionFailed, faults, named } from "./faults.ts";

const invalid = "One or more parameter values were invalid:";
const validation = (message: string) => [message, named("ValidationException", message)] as const;

test.each<readonly [what: string, error: Error]>([
  validation("Item size has exceeded the maximum allowed size"),
  validation("Item size to update has exceeded the maximum allowed size"),
  validation(`${invalid} Size of hashkey has exceeded the maximum size limit of2048 bytes`),
  validation(`${invalid} Aggregated size of all range keys has exceeded the size limit of 1024 bytes`),
  validation(
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
  ),
  validation(`${invalid} Type mismatch for Index Key s_all Expected: S Actual: N IndexName: all`),
  validation("Number overflow. Attempting to store a number with magnitude larger than supported range"),
  validation("Attempting to store more than 38 significant digits in a Number"),
  validation("Nesting Levels have exceeded supported limits"),
  validation("Invalid ConditionExpression: Expression size has exceeded the maximum allowed size;"),
  validation("Collection size of items exceeded: the items of the transaction exceed the 4MB limit"),
  ["a string that UTF-8 cannot encode", named("SerializationException")],
  ["a request over 16 MB", named("SyntaxError", "Unexpected token", 413)],
  ["an item collection over 10 GB", named("ItemCollectionSizeLimitExceededException")],
  ["a transaction in which one item is refused", cancelled("None", "ValidationError")],
  ["a transaction with a collection over 10 GB", cancelled("ItemCollectionSizeLimitExceeded")],
])("permanent: %s", async (_, error) => {
  const request = () => Promise.reject(error);
  await expect(permanently(request)).rejects.toThrow(PermanentError);
  await expect(permanently(request)).rejects.toMatchObject({ cause: error });
});

test.each<readonly [what: string, error: Error]>([
  ...faults,
  validation("The provided key element does not match the schema"),
  validation(`${invalid} Missing the key pk in the item`),
  validation("1 validation error detected: Value '' at 'tableName' failed to satisfy constraint"),
  validation("The table does not have the specified index: all"),
  validation("Query condition missed key schema element: pk"),
  validation(`${invalid} Type mismatch for key pk expected: N actual: S`),
  ["a condition that failed", conditionFailed()],
  ["a transaction that was throttled", cancelled("ThrottlingError", "ValidationError")],
  ["a transaction that lost a race", cancelled("TransactionConflict")],
  ["a transaction without a reason", cancelled()],
  ["an error that no row knows", named("SomethingNewException")],
])("transient: %s", async (_, error) => {
  await expect(permanently(() => Promise.reject(error))).rejects.toBe(error);
});

test("a value that is not an error is thrown unchanged", async () => {
  await expect(permanently(() => Promise.reject("no"))).rejects.toBe("no");
});

describe("the engine refuses permanently", () => {
  const table = tables.readModel("plain");
  let started: Engine;

  beforeAll(async () => {
    started = await engine([{ name: "plain", row: z.object({}), sources: [], on: {} }]);
  });

  afterAll(() => started.stop());

  const put = (pk: string, bytes = 1) => ({
    TableName: table,
    Item: { pk: { S: pk }, row: { S: "x".repeat(bytes) } },
  });
  const transaction = (...puts: readonly ReturnType<typeof put>[]) =>
    new TransactWriteItemsCommand({ TransactItems: puts.map((Put) => ({ Put })) });
  const keyOf = (pk: string) => ({ pk: { S: pk } });
  const long = "k".repeat(2049);

  test.each([
    ["an item over 400 KB", () => started.client.send(new PutItemCommand(put("1", 410_000)))],
    ["a key over 2,048 bytes", () => started.client.send(new PutItemCommand(put(long)))],
    ["an empty key", () => started.client.send(new PutItemCommand(put("")))],
    [
      "a read with a key over 2,048 bytes",
      () =>
        started.client.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: [keyOf(long)] } } })),
    ],
    [
      "an item that an update makes larger than 400 KB",
      async () => {
        await started.client.send(new PutItemCommand(put("2", 400_000)));
        const update = new UpdateItemCommand({
          TableName: table,
          Key: keyOf("2"),
          UpdateExpression: "SET more = :more",
          ExpressionAttributeValues: { ":more": { S: "x".repeat(10_000) } },
        });
        return started.client.send(update);
      },
    ],
    ["a transaction with such an item", () => started.client.send(transaction(put("3"), put("4", 410_000)))],
    ["a transaction with such a key", () => started.client.send(transaction(put("3"), put(long)))],
    [
      "a transaction over 4 MB",
      () =>
        started.client.send(
          transaction(...Array.from({ length: 12 }, (_, index) => put(`${index}`, 390_000))),
        ),
    ],
  ])("%s", async (_, request) => {
    await expect(permanently<unknown>(request)).rejects.toThrow(PermanentError);
  });
});
