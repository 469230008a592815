import { expect, test } from "vitest";
import { missingSagas } from "../../../bin/local/stored/breaks.ts";
import { idsIn, runningSagas } from "../../../bin/local/stored/running-sagas.ts";
import type { Input, ServiceCall } from "../../../lib/local/service/service.ts";

type Rows = Readonly<Record<string, readonly string[]>>;

const removed = async (rows: Rows, sagas: readonly string[]) =>
  missingSagas(await runningSagas(async (kind) => rows[kind] ?? []), sagas);

test("a saga that was removed is named with the number of instances that still need it", async () => {
  const rows = {
    open: [...Array.from({ length: 60 }, (_, index) => `gone/${index}`), "checkout/1"],
    compensating: ["gone/back"],
    parked: ["gone/parked"],
    completed: ["gone/done"],
  };
  expect(await removed(rows, ["checkout", "restock"])).toEqual([
    expect.stringContaining("saga gone is not in the application, but 62 of its instances are running"),
  ]);
});

test("nothing is named if every instance has its saga or has ended", async () => {
  const rows = { open: ["checkout/1"], completed: ["gone/1"], compensated: ["gone/2"] };
  expect(await removed(rows, ["checkout"])).toEqual([]);
});

test("the ids come from the index of the table of instances, page by page", async () => {
  const asked: Input[] = [];
  const pages = [
    { Items: [{ pk: { S: "a/1" } }, { pk: { S: "a/2" } }], LastEvaluatedKey: { pk: { S: "a/2" } } },
    { Items: [{ pk: { S: "a/3" } }] },
  ];
  const table = {
    id: "AppStorageInstancesF00",
    type: "AWS::DynamoDB::GlobalTable",
    name: "instances",
    arn: "arn",
    properties: {},
  };
  const call = async (_: unknown, { service, operation, input }: ServiceCall) => {
    expect([service, operation]).toEqual(["dynamodb", "Query"]);
    asked.push(input);
    return pages[asked.length - 1];
  };
  expect(await idsIn({ resources: [table], call })("open")).toEqual(["a/1", "a/2", "a/3"]);
  expect(asked).toMatchObject([
    { TableName: "instances", IndexName: "standing" },
    { ExclusiveStartKey: { pk: { S: "a/2" } } },
  ]);
});
