import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, test } from "vitest";
import { dynamoReadModels } from "../../../../lib/adapters/dynamodb/read-models/read-models.ts";
import { book, item, stored, tooLong } from "../books.ts";
import { faults } from "../faults.ts";

const client = new DynamoDBClient({ region: "eu-central-1" });
const dynamo = mockClient(client);
const readModels = dynamoReadModels(client, [book], (projection) => `table-of-${projection}`);

beforeEach(() => {
  dynamo.reset();
});

const sent = () => dynamo.calls().map(({ args: [{ input }] }) => input);

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

  test("is one Query on the index, for one row more than the page", async () => {
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

  test("continues after the last row of the page", async () => {
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

  test("continues where a query stopped before its limit", async () => {
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [byAuthor(3)], LastEvaluatedKey: place(3) })
      .resolvesOnce({});
    const page = await readModels.list("book", request);
    if (page === "invalid") throw new Error("it is");
    expect(await readModels.list("book", { ...request, from: page.next })).toEqual({ rows: [] });
    expect(sent().slice(1)).toMatchObject([{ ExclusiveStartKey: place(3) }]);
  });

  test.each(["", tooLong(2048)])(
    "with a value that cannot be a key is empty, without a request",
    async (value) => {
      expect(await readModels.list("book", { index: "by-author", value, limit: 2 })).toEqual({ rows: [] });
      expect(sent()).toEqual([]);
    },
  );

  test.each([
    ["a value that is not a string", ["book", "by-author", "a", 1, "1"]],
    ["an empty key", ["book", "by-author", "a", "2026-01-01", ""]],
    ["a key that is too long", ["book", "by-author", "a", "2026-01-01", tooLong(2048)]],
    ["an order that is too long", ["book", "by-author", "a", tooLong(1024), "1"]],
    ["an extra part", ["book", "by-author", "a", "2026-01-01", "1", "1"]],
  ])("a forged cursor with %s is invalid, without a request", async (_, forged) => {
    const from = Buffer.from(JSON.stringify(forged)).toString("base64url");
    expect(await readModels.list("book", { ...request, from })).toBe("invalid");
    expect(sent()).toEqual([]);
  });

  test.each(faults)("%s is thrown", async (_, error) => {
    dynamo.on(QueryCommand).rejects(error);
    await expect(readModels.list("book", request)).rejects.toBe(error);
  });
});
