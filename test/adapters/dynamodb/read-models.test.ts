import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { dynamoReadModels } from "../../../lib/adapters/dynamodb/read-models.ts";
import { toRowItem } from "../../../lib/adapters/dynamodb/row-item.ts";
import type { AnyProjection } from "../../../lib/model/projection.ts";
import type { StoredRow } from "../../../lib/ports/read-models.ts";
import { cancelled, conditionFailed, faults, transactionConflict } from "./faults.ts";

const book: AnyProjection = {
  name: "book",
  row: z.object({}),
  sources: [],
  on: {},
  indexes: {
    all: { newestFirst: "at" },
    "by-author": { by: "author", newestFirst: "at" },
    "by-shelf": { by: "shelf" },
  },
};

const client = new DynamoDBClient({ region: "eu-central-1" });
const dynamo = mockClient(client);
const readModels = dynamoReadModels(client, [book], (projection) => `table-of-${projection}`);

beforeEach(() => {
  dynamo.reset();
});

const sent = () => dynamo.calls().map(({ args: [{ input }] }) => input);

const stored = (key: string, revision: number, given: Partial<StoredRow> = {}): StoredRow => ({
  key,
  row: { title: key },
  revision,
  gates: { "order-1": { version: 4, business: 3 } },
  ...given,
});

/** The item that stands there once this row is written. */
const item = (row: StoredRow) => toRowItem(book, row);

const tooLong = (bytes: number) => "x".repeat(bytes + 1);

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
      { key: "1", row: undefined, revision: 0, gates: {} },
      stored("2", 7),
    ]);
    expect(sent()).toEqual([request("1", "2")]);
  });

  test("asks for a hundred keys at most at a time, and for none not at all", async () => {
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

  test("asks again for the keys that were left unprocessed, and for no others", async () => {
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

  test("throws rather than show a key as new that was left unprocessed to the end", async () => {
    dynamo.on(BatchGetItemCommand).resolves({ UnprocessedKeys: request("1").RequestItems });
    await expect(loaded(["1"])).rejects.toThrow("DynamoDB left keys of table-of-book unprocessed");
    expect(sent()).toHaveLength(8);
  });

  test.each(faults)("%s is thrown", async (_, error) => {
    dynamo.on(BatchGetItemCommand).rejects(error);
    await expect(loaded(["1"])).rejects.toBe(error);
  });
});

describe("the item of a row", () => {
  const indexed = { title: "1", author: "a", at: "2026-01-01", shelf: "s" };

  test("has the next revision, text and gates, and its place in each index", () => {
    expect(item(stored("1", 6, { row: indexed }))).toEqual({
      pk: { S: "1" },
      rev: { N: "7" },
      gates: { S: '{"order-1":[4,3]}' },
      row: { S: JSON.stringify(indexed) },
      i_all: { S: "all" },
      s_all: { S: "2026-01-01" },
      "i_by-author": { S: "a" },
      "s_by-author": { S: "2026-01-01" },
      "i_by-shelf": { S: "s" },
      "s_by-shelf": { S: "1" },
    });
  });

  const indexesOf = (row: StoredRow["row"]) =>
    Object.keys(item(stored("1", 0, { row }))).filter((name) => name.startsWith("i_"));

  test("is in no index without its fields, or with what cannot be a key", () => {
    expect(indexesOf({ title: "1" })).toEqual([]);
    expect(indexesOf({ author: "a", shelf: "s" })).toEqual(["i_by-shelf"]);
    expect(indexesOf({ author: "", at: "2026-01-01" })).toEqual(["i_all"]);
    expect(indexesOf({ author: "a", at: "" })).toEqual([]);
    expect(indexesOf({ author: 1, at: "2026-01-01", shelf: null })).toEqual(["i_all"]);
    expect(indexesOf({ author: tooLong(2048), at: "2026-01-01" })).toEqual(["i_all"]);
    expect(indexesOf({ author: "a", at: tooLong(1024), shelf: "s" })).toEqual(["i_by-shelf"]);
    expect(indexesOf({ shelf: "ü".repeat(1024) })).toEqual(["i_by-shelf"]);
    expect(indexesOf({ shelf: "ü".repeat(1025) })).toEqual([]);
  });

  test("that was deleted, or of a gate alone, is in no index", () => {
    expect(item(stored("1", 6, { row: undefined }))).toEqual({
      pk: { S: "1" },
      rev: { N: "7" },
      gates: { S: '{"order-1":[4,3]}' },
    });
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

  test("no rows are no request", async () => {
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
  ])("a transaction cancelled for %s is a conflict", async (_, error) => {
    dynamo.on(TransactWriteItemsCommand).rejects(error);
    expect(await readModels.write("book", [stored("1", 0), stored("2", 6)])).toBe("conflict");
  });

  test.each([
    ["ThrottlingError", cancelled("ThrottlingError", "None")],
    ["ProvisionedThroughputExceeded", cancelled("None", "ProvisionedThroughputExceeded")],
    ["ItemCollectionSizeLimitExceeded", cancelled("ItemCollectionSizeLimitExceeded", "None")],
    ["ValidationError", cancelled("ValidationError", "None")],
    ["a race and throttling", cancelled("ConditionalCheckFailed", "ThrottlingError")],
    ["nothing it names", cancelled("None", "None")],
    ["no reason", cancelled()],
  ])("a transaction cancelled for %s is thrown", async (_, error) => {
    dynamo.on(TransactWriteItemsCommand).rejects(error);
    await expect(readModels.write("book", [stored("1", 0), stored("2", 6)])).rejects.toBe(error);
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

  test("finds none where there is no item, or an item without a row", async () => {
    const gate = item(stored("1", 6, { row: undefined }));
    dynamo.on(GetItemCommand).resolvesOnce({}).resolvesOnce({ Item: gate });
    expect(await readModels.find("book", "1")).toBeUndefined();
    expect(await readModels.find("book", "1")).toBeUndefined();
  });

  test.each(faults)("%s is thrown", async (_, error) => {
    dynamo.on(GetItemCommand).rejects(error);
    await expect(readModels.find("book", "1")).rejects.toBe(error);
  });

  test("an item that we did not write is named", async () => {
    dynamo.on(GetItemCommand).resolves({ Item: { ...item(stored("1", 6)), rev: { S: "7" } } });
    await expect(readModels.find("book", "1")).rejects.toThrow('attribute rev of item 1 is {"S":"7"}');
  });
});

describe("list", () => {
  const byAuthor = (title: number) =>
    item(stored(`${title}`, 0, { row: { title, author: "a", at: `2026-01-0${title}` } }));

  const query = (name: string, value: string, more: object) => ({
    TableName: "table-of-book",
    IndexName: name,
    KeyConditionExpression: "#partition = :value",
    ExpressionAttributeNames: { "#partition": `i_${name}` },
    ExpressionAttributeValues: { ":value": { S: value } },
    ...more,
  });

  test("is one Query on the index, of one more than is shown", async () => {
    dynamo.on(QueryCommand).resolves({ Items: [byAuthor(3), byAuthor(2)] });
    expect(await readModels.list("book", { index: "by-author", value: "a", limit: 2 })).toEqual({
      rows: [
        { title: 3, author: "a", at: "2026-01-03" },
        { title: 2, author: "a", at: "2026-01-02" },
      ],
    });
    expect(sent()).toEqual([query("by-author", "a", { ScanIndexForward: false, Limit: 3 })]);
  });

  test("of every row reads the partition that all rows share", async () => {
    dynamo.on(QueryCommand).resolves({});
    await readModels.list("book", { index: "all", limit: 2 });
    expect(sent()).toEqual([query("all", "all", { ScanIndexForward: false, Limit: 3 })]);
  });

  test("without an order goes forward, by key", async () => {
    dynamo.on(QueryCommand).resolves({});
    await readModels.list("book", { index: "by-shelf", value: "s", limit: 2 });
    expect(sent()).toEqual([query("by-shelf", "s", { ScanIndexForward: true, Limit: 3 })]);
  });

  const place = (title: number) => ({
    pk: { S: `${title}` },
    "i_by-author": { S: "a" },
    "s_by-author": { S: `2026-01-0${title}` },
  });

  const request = { index: "by-author", value: "a", limit: 2 };

  test("goes on after the last row that was shown", async () => {
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [byAuthor(3), byAuthor(2), byAuthor(1)], LastEvaluatedKey: place(1) })
      .resolvesOnce({ Items: [byAuthor(1)] });
    const page = await readModels.list("book", request);
    if (page === "invalid") throw new Error("it is");
    expect(page.rows).toHaveLength(2);
    expect(await readModels.list("book", { ...request, from: page.next })).toMatchObject({
      rows: [{ title: 1 }],
    });
    expect(sent().slice(1)).toEqual([
      query("by-author", "a", { ScanIndexForward: false, Limit: 3, ExclusiveStartKey: place(2) }),
    ]);
  });

  test("goes on where a query has stopped before its limit", async () => {
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [byAuthor(3)], LastEvaluatedKey: place(3) })
      .resolvesOnce({});
    const page = await readModels.list("book", request);
    if (page === "invalid") throw new Error("it is");
    expect(await readModels.list("book", { ...request, from: page.next })).toEqual({ rows: [] });
    expect(sent().slice(1)).toMatchObject([{ ExclusiveStartKey: place(3) }]);
  });

  test.each(["", tooLong(2048)])("no row has a value that is no key: nothing is asked", async (value) => {
    expect(await readModels.list("book", { index: "by-author", value, limit: 2 })).toEqual({ rows: [] });
    expect(sent()).toEqual([]);
  });

  test.each([
    ["no text", ["book", "by-author", "a", 1, "1"]],
    ["an empty key", ["book", "by-author", "a", "2026-01-01", ""]],
    ["a key that is too long", ["book", "by-author", "a", "2026-01-01", tooLong(2048)]],
    ["an order that is too long", ["book", "by-author", "a", tooLong(1024), "1"]],
    ["one thing too many", ["book", "by-author", "a", "2026-01-01", "1", "1"]],
  ])("a forged place with %s is invalid: nothing is asked", async (_, forged) => {
    const from = Buffer.from(JSON.stringify(forged)).toString("base64url");
    expect(await readModels.list("book", { ...request, from })).toBe("invalid");
    expect(sent()).toEqual([]);
  });

  test.each(faults)("%s is thrown", async (_, error) => {
    dynamo.on(QueryCommand).rejects(error);
    await expect(readModels.list("book", request)).rejects.toBe(error);
  });
});
