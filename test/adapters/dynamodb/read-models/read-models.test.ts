import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { dynamoReadModels } from "../../../../lib/adapters/dynamodb/read-models/read-models.ts";
import { PermanentError } from "../../../../lib/ports/permanent-error.ts";
import type { StoredRow } from "../../../../lib/ports/read-models.ts";
import { book, item, stored } from "../books.ts";
import { cancelled, conditionFailed, faults, refusal, transactionConflict } from "../faults.ts";

const client = new DynamoDBClient({ region: "eu-central-1" });
const dynamo = mockClient(client);
const readModels = dynamoReadModels(client, [book], (projection) => `table-of-${projection}`);

beforeEach(() => {
  dynamo.reset();
});

const sent = () => dynamo.calls().map(({ args: [{ input }] }) => input);

describe("load", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const request = (...keys: readonly string[]) => ({
    RequestItems: {
      "table-of-book": { Keys: keys.map((key) => ({ pk: { S: key } })), ConsistentRead: true },
    },
  });

  const loaded = async (keys: readonly string[]) => {
    const rows = readModels.load("book", keys);
    rows.catch(() => undefined);
    await vi.runAllTimersAsync();
    return rows;
  };

  test("is one strongly consistent BatchGetItem", async () => {
    dynamo.on(BatchGetItemCommand).resolves({ Responses: { "table-of-book": [item(stored("2", 6))] } });
    expect(await loaded(["1", "2"])).toEqual([
      { key: "1", row: undefined, revision: 0, checkpoints: {} },
      stored("2", 7),
    ]);
    expect(sent()).toEqual([request("1", "2")]);
  });

  test("requests at most a hundred keys at a time, and sends nothing for no keys", async () => {
    dynamo.on(BatchGetItemCommand).resolves({});
    const keys = Array.from({ length: 201 }, (_, index) => `${index}`);
    await loaded(keys);
    expect(sent()).toEqual([
      request(...keys.slice(0, 100)),
      request(...keys.slice(100, 200)),
      request("200"),
    ]);
    dynamo.resetHistory();
    expect(await loaded([])).toEqual([]);
    expect(sent()).toEqual([]);
  });

  test("requests only the unprocessed keys again", async () => {
    dynamo
      .on(BatchGetItemCommand)
      .resolvesOnce({
        Responses: { "table-of-book": [item(stored("1", 0))] },
        UnprocessedKeys: request("2", "3").RequestItems,
      })
      .resolvesOnce({ Responses: {}, UnprocessedKeys: request("2").RequestItems })
      .resolvesOnce({ Responses: { "table-of-book": [item(stored("2", 1))] }, UnprocessedKeys: {} });
    const rows = await loaded(["1", "2", "3"]);
    expect(rows.map(({ revision }) => revision)).toEqual([1, 2, 0]);
    expect(sent()).toEqual([request("1", "2", "3"), request("2", "3"), request("2")]);
  });

  test("throws rather than reporting a key as new that stayed unprocessed", async () => {
    dynamo.on(BatchGetItemCommand).resolves({ UnprocessedKeys: request("1").RequestItems });
    await expect(loaded(["1"])).rejects.toThrow("DynamoDB left keys of table-of-book unprocessed");
    expect(sent()).toHaveLength(8);
  });

  test("a key that DynamoDB refuses is permanent", async () => {
    dynamo.on(BatchGetItemCommand).rejects(refusal);
    await expect(loaded(["1"])).rejects.toThrow(PermanentError);
  });

  test.each(faults)("%s is thrown", async (_, error) => {
    dynamo.on(BatchGetItemCommand).rejects(error);
    await expect(loaded(["1"])).rejects.toBe(error);
  });
});

describe("write", () => {
  const puts = (row: StoredRow) => ({
    TableName: "table-of-book",
    Item: item(row),
    ...(row.revision === 0
      ? { ConditionExpression: "attribute_not_exists(pk)" }
      : {
          ConditionExpression: "rev = :rev",
          ExpressionAttributeValues: { ":rev": { N: `${row.revision}` } },
        }),
  });

  test.each([
    ["a new row, on the condition that there is none", 0],
    ["a row, on the condition of its revision", 6],
  ])("%s, is one PutItem", async (_, revision) => {
    dynamo.on(PutItemCommand).resolves({});
    expect(await readModels.write("book", [stored("1", revision)])).toBe("written");
    expect(sent()).toEqual([puts(stored("1", revision))]);
  });

  test("several rows are one transaction of Puts with the same conditions", async () => {
    dynamo.on(TransactWriteItemsCommand).resolves({});
    const rows = [stored("1", 0), stored("2", 6)];
    expect(await readModels.write("book", rows)).toBe("written");
    expect(sent()).toEqual([{ TransactItems: rows.map((row) => ({ Put: puts(row) })) }]);
  });

  test("no rows cause no request", async () => {
    expect(await readModels.write("book", [])).toBe("written");
    expect(sent()).toEqual([]);
  });

  test.each([
    ["ConditionalCheckFailedException", conditionFailed()],
    ["ConditionalCheckFailedException with an item", conditionFailed(item(stored("1", 0)))],
    ["TransactionConflictException", transactionConflict()],
  ])("%s is a conflict", async (_, error) => {
    dynamo.on(PutItemCommand).rejects(error);
    expect(await readModels.write("book", [stored("1", 6)])).toBe("conflict");
  });

  test.each([
    ["ConditionalCheckFailed", cancelled("ConditionalCheckFailed", "None")],
    ["TransactionConflict", cancelled("None", "TransactionConflict")],
    ["both", cancelled("TransactionConflict", "ConditionalCheckFailed")],
    ["a race and content", cancelled("ConditionalCheckFailed", "ValidationError")],
  ])("a transaction cancelled for %s is a conflict", async (_, error) => {
    dynamo.on(TransactWriteItemsCommand).rejects(error);
    expect(await readModels.write("book", [stored("1", 0), stored("2", 6)])).toBe("conflict");
  });

  test.each([
    ["ThrottlingError", cancelled("ThrottlingError", "None")],
    ["ProvisionedThroughputExceeded", cancelled("None", "ProvisionedThroughputExceeded")],
    ["content and throttling", cancelled("ValidationError", "ThrottlingError")],
    ["a race and throttling", cancelled("ConditionalCheckFailed", "ThrottlingError")],
    ["nothing it names", cancelled("None", "None")],
    ["no reason", cancelled()],
  ])("a transaction cancelled for %s is thrown", async (_, error) => {
    dynamo.on(TransactWriteItemsCommand).rejects(error);
    await expect(readModels.write("book", [stored("1", 0), stored("2", 6)])).rejects.toBe(error);
  });

  test.each([
    ["ItemCollectionSizeLimitExceeded", cancelled("ItemCollectionSizeLimitExceeded", "None")],
    ["ValidationError", cancelled("ValidationError", "None")],
  ])("a transaction cancelled for %s is permanent", async (_, error) => {
    dynamo.on(TransactWriteItemsCommand).rejects(error);
    await expect(readModels.write("book", [stored("1", 0), stored("2", 6)])).rejects.toThrow(PermanentError);
  });

  test("rows that DynamoDB refuses because of their content are permanent", async () => {
    dynamo.on(PutItemCommand).rejects(refusal).on(TransactWriteItemsCommand).rejects(refusal);
    await expect(readModels.write("book", [stored("1", 0)])).rejects.toThrow(PermanentError);
    await expect(readModels.write("book", [stored("1", 0), stored("2", 0)])).rejects.toThrow(PermanentError);
  });

  test("a row that JSON cannot encode is permanent, and nothing is sent", async () => {
    const row: Record<string, unknown> = {};
    row.itself = row;
    await expect(readModels.write("book", [stored("1", 0, { row })])).rejects.toThrow(PermanentError);
    expect(sent()).toEqual([]);
  });

  test.each(faults)("%s is thrown", async (_, error) => {
    dynamo.on(PutItemCommand).rejects(error).on(TransactWriteItemsCommand).rejects(error);
    await expect(readModels.write("book", [stored("1", 0)])).rejects.toBe(error);
    await expect(readModels.write("book", [stored("1", 0), stored("2", 0)])).rejects.toBe(error);
  });
});

describe("find", () => {
  test("is one eventually consistent GetItem", async () => {
    dynamo.on(GetItemCommand).resolves({ Item: item(stored("1", 6)) });
    expect(await readModels.find("book", "1")).toEqual(stored("1", 7));
    expect(sent()).toEqual([{ TableName: "table-of-book", Key: { pk: { S: "1" } } }]);
  });

  test("finds nothing if there is no item, or an item without a row", async () => {
    const checkpoint = item(stored("1", 6, { row: undefined }));
    dynamo.on(GetItemCommand).resolvesOnce({}).resolvesOnce({ Item: checkpoint });
    expect(await readModels.find("book", "1")).toBeUndefined();
    expect(await readModels.find("book", "1")).toBeUndefined();
  });

  test.each(faults)("%s is thrown", async (_, error) => {
    dynamo.on(GetItemCommand).rejects(error);
    await expect(readModels.find("book", "1")).rejects.toBe(error);
  });

  test("an item that this adapter did not write is reported", async () => {
    dynamo.on(GetItemCommand).resolves({ Item: { ...item(stored("1", 6)), rev: { S: "7" } } });
    await expect(readModels.find("book", "1")).rejects.toThrow('attribute rev of item 1 is {"S":"7"}');
  });
});
