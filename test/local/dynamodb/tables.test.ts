/** A stored table when the template has changed. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { tables } from "../../../lib/local/dynamodb/dynamodb.ts";
import { ensureTable } from "../../../lib/local/dynamodb/tables.ts";
import { openJournal } from "../../../lib/local/machine/journal.ts";
import type { Input } from "../../../lib/local/service/service.ts";
import { temporaryFolder } from "../app.ts";
import { resource, type TestCloud, testCloud } from "../cloud.ts";

const text = (AttributeName: string, AttributeType = "S") => ({ AttributeName, AttributeType });
const hash = (AttributeName: string) => ({ AttributeName, KeyType: "HASH" });
const range = (AttributeName: string) => ({ AttributeName, KeyType: "RANGE" });

const index = (IndexName: string, more: Input = {}) => ({
  IndexName,
  KeySchema: [hash("customer"), range("pk")],
  Projection: { ProjectionType: "ALL" },
  ...more,
});

const orders = (indexes: readonly Input[], more: Input = {}) =>
  resource("AWS::DynamoDB::Table", "orders", {
    AttributeDefinitions: [text("pk"), ...(indexes.length > 0 ? [text("customer")] : [])],
    KeySchema: [hash("pk")],
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
    StreamSpecification: { StreamViewType: "NEW_IMAGE" },
    ...more,
  });

const rows = [
  { pk: { S: "1" }, customer: { S: "ann" }, total: { N: "5" } },
  { pk: { S: "2" }, customer: { S: "ann" }, total: { N: "6" } },
  { pk: { S: "3" }, customer: { S: "bob" }, total: { N: "7" } },
  { pk: { S: "4" } },
];

describe("a stored table", () => {
  let cloud: TestCloud | undefined;
  const data = temporaryFolder();
  let number = 0;
  let folder = data;
  afterEach(() => cloud?.stop());

  const start = async (indexes: readonly Input[], more: Input = {}) => {
    await cloud?.stop();
    cloud = undefined;
    cloud = await testCloud({
      providers: [[tables({ data: folder, written: () => {} }), "AWS::DynamoDB::Table"]],
      resources: [orders(indexes, more)],
      journalFile: join(folder, "journal.jsonl"),
    });
    return cloud;
  };

  /** A folder with these rows in a table that has these indexes. */
  const made = async (indexes: readonly Input[], more: Input = {}) => {
    folder = join(data, String(number++));
    mkdirSync(folder);
    const first = await start(indexes, more);
    for (const Item of rows) await first.call("dynamodb", "PutItem", { TableName: "orders", Item });
  };

  const query = (IndexName: string, customer: string) =>
    cloud?.call("dynamodb", "Query", {
      TableName: "orders",
      IndexName,
      KeyConditionExpression: "customer = :c",
      ExpressionAttributeValues: { ":c": { S: customer } },
    });
  const messages = () => cloud?.reports.map(({ message }) => message);
  const indexNames = async () => {
    // What DescribeTable answers.
    const answer = (await cloud?.call("dynamodb", "DescribeTable", { TableName: "orders" })) as
      | { readonly Table: { readonly GlobalSecondaryIndexes?: readonly { readonly IndexName: string }[] } }
      | undefined;
    return answer?.Table.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName);
  };

  test("gets an index that the template adds, filled from its rows, and reports it", async () => {
    await made([]);
    await start([index("by-customer")]);
    expect(messages()).toEqual([
      "table orders: filling the index by-customer from 4 rows",
      "table orders: the index by-customer is complete",
    ]);
    expect(await query("by-customer", "ann")).toMatchObject({ Items: [rows[0], rows[1]] });
    expect(await query("by-customer", "bob")).toMatchObject({ Items: [rows[2]] });
  });

  test("gets two indexes at once, and keeps its rows; new rows are in both indexes", async () => {
    await made([]);
    const both = [index("one"), index("two", { Projection: { ProjectionType: "KEYS_ONLY" } })];
    await start(both);
    const Item = { pk: { S: "5" }, customer: { S: "ann" }, total: { N: "8" } };
    await cloud?.call("dynamodb", "PutItem", { TableName: "orders", Item });
    expect(await query("one", "ann")).toMatchObject({ Count: 3 });
    expect(await query("two", "ann")).toMatchObject({
      Items: ["1", "2", "5"].map((pk) => ({ pk: { S: pk }, customer: { S: "ann" } })),
    });
  });

  test("is left alone if the template has not changed", async () => {
    await made([index("by-customer")]);
    await start([index("by-customer")]);
    expect(messages()).toEqual([]);
  });

  test("loses an index that the template no longer has, and can get it back", async () => {
    await made([index("by-customer"), index("other")]);
    await start([index("other")]);
    expect(await indexNames()).toEqual(["other"]);
    await start([index("by-customer"), index("other")]);
    expect(await query("by-customer", "ann")).toMatchObject({ Count: 2 });
  });

  test.each<readonly [string, Input, Input]>([
    [
      "another key",
      { KeySchema: [hash("total")] },
      { AttributeDefinitions: [text("pk"), text("total", "N")] },
    ],
    ["another projection", { Projection: { ProjectionType: "KEYS_ONLY" } }, {}],
    [
      "other attributes in its projection",
      { Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["total"] } },
      {},
    ],
  ])("rebuilds an index that has %s", async (_, changed, more) => {
    await made([index("by-customer", changed)], more);
    await start([index("by-customer")]);
    expect(messages()?.[0]).toBe("table orders: removing the index by-customer");
    expect(await query("by-customer", "ann")).toMatchObject({ Items: [rows[0], rows[1]] });
  });

  test("rebuilds an index if the process was killed while it was built", async () => {
    await made([index("by-customer")]);
    cloud?.journal.map<true>("dynamodb.indexing").set("orders/by-customer", true);
    await start([index("by-customer")]);
    expect(messages()).toHaveLength(3);
    expect(await query("by-customer", "ann")).toMatchObject({ Count: 2 });
    await start([index("by-customer")]);
    expect(messages()).toEqual([]);
  });

  test.each<readonly [string, Input]>([
    [
      "other keys",
      {
        KeySchema: [hash("pk"), range("sk")],
        AttributeDefinitions: [text("pk"), text("sk"), text("customer")],
      },
    ],
    ["another type of the key pk", { AttributeDefinitions: [text("pk", "N"), text("customer")] }],
    ["another type of the key customer", { AttributeDefinitions: [text("pk"), text("customer", "N")] }],
    ["another stream", { StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" } }],
    ["another stream", { StreamSpecification: undefined }],
  ])("is refused by name if the template has %s", async (difference, more) => {
    await made([index("by-customer")]);
    await expect(start([index("by-customer")], more)).rejects.toThrow(
      `orders: the table orders has ${difference} than the template. Start with --fresh`,
    );
  });
});

/** The engine is killed after it has created the index and before it has filled it. */
test("an index is marked in the journal until it is complete", async () => {
  const journal = openJournal(undefined);
  const marks = journal.map<true>("indexes");
  const told: string[] = [];
  const updates: unknown[] = [];
  let found: readonly Input[] = [];
  let isKilled = true;
  const answer = (value: unknown) => ({ status: 200, json: JSON.stringify(value) });
  const engine = {
    ask: async (target: string, json: string) => {
      if (target.endsWith("CreateTable")) return { status: 400, json: '{"__type":"ResourceInUseException"}' };
      if (target.endsWith("UpdateTable")) {
        const [{ Create, Delete }] = JSON.parse(json).GlobalSecondaryIndexUpdates;
        updates.push(Create ? "create" : "delete");
        found = Delete ? [] : [Create];
        if (isKilled) throw new Error("the engine is gone");
      }
      return answer({
        Table: {
          KeySchema: [hash("pk")],
          AttributeDefinitions: [text("pk"), text("customer")],
          GlobalSecondaryIndexes: found,
          StreamSpecification: { StreamViewType: "NEW_IMAGE" },
          LatestStreamArn: "arn",
        },
      });
    },
  };
  const ensure = () =>
    ensureTable(engine, orders([index("by-customer")]), {
      marks,
      tell: (message) => void told.push(message),
    });
  await expect(ensure()).rejects.toThrow("the engine is gone");
  isKilled = false;
  await ensure();
  expect(updates).toEqual(["create", "delete", "create"]);
  await ensure();
  expect(updates).toHaveLength(3);
  expect(marks.size()).toBe(0);
});
