/**
 * The counts of an order are exactly those that the table of costs uses. Load changes them in two ways that must not
 * count: batches have fewer or more records, and calls are retried. So each record has its own batch, in order, which
 * is the most expensive case, and the test takes the median of several orders for each call. Calls above the median are
 * retries.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import * as z from "zod";
import type { Report } from "../../../lib/local/service/service.ts";
import {
  type Call,
  type Counts,
  counts,
  countsIn,
  type EngineName,
  type ExactCounts,
  inboxUnits,
  keyed,
  lineBytes,
} from "../../../lib/shop/costs/counts.ts";
import { changedAssembly } from "./changed-assembly.ts";
import { orderOf } from "./client.ts";
import { type Shop, startShop } from "./shop.ts";

/** An odd number, so that there is a median. On a machine that retries a call in three of five orders, the test fails. */
const ids = Array.from({ length: 5 }, (_, index) => `order-${index}`);

const recordByRecord = (assembly: string) =>
  changedAssembly((resources) => {
    for (const { Type, Properties } of Object.values(resources))
      if (Type === "AWS::Lambda::EventSourceMapping") Properties.BatchSize = 1;
  }, assembly);

/** Without the reads of this test. */
const calls = async (shop: Shop) =>
  (await shop.get<{ readonly calls: readonly Call[] }>("/_local/calls")).body.calls.filter(
    ({ role, action }) => role !== "owner" || !action.startsWith("dynamodb:"),
  );

const sumOf = (all: readonly Call[]) => all.reduce((sum, { count }) => sum + count, 0);

const countOf = (all: readonly Call[], action: string, resource = "") =>
  sumOf(all.filter((call) => call.action === action && call.resource.includes(resource)));

const isAtRest = (all: readonly Call[], commits: number): boolean =>
  countOf(all, "lambda:InvokeFunction", "StreamProject") >= commits &&
  countOf(all, "lambda:InvokeFunction", "StreamRelay") >= commits &&
  countOf(all, "sqs:DeleteMessage") >= countOf(all, "sqs:SendMessage");

/** The readers of the stream and the queues finish shortly after the end of the saga. */
const settled = async (shop: Shop, commits: number): Promise<readonly Call[]> => {
  let before = -1;
  return shop.wait("the shop to be idle", async () => {
    const all = await calls(shop);
    const work = sumOf(all.filter(({ action }) => !/GetRecords|ShardIterator|logs:/.test(action)));
    if (work === before && isAtRest(all, commits)) return all;
    before = work;
    await new Promise((resolve) => setTimeout(resolve, 700));
    return undefined;
  });
};

/** The lines of functions, with their sizes. Only lines in JSON have fields, and each has a time. */
const linesIn = (reports: readonly Report[]) =>
  reports.flatMap(({ source, fields }) =>
    fields && "timestamp" in fields ? [{ source, bytes: Buffer.byteLength(JSON.stringify(fields)) }] : [],
  );

type Taken = Pick<Counts, "events" | "transitions" | "logLines" | "logBytes"> & {
  readonly calls: readonly Call[];
};

/** Places one order with one line, and counts until everything is done. */
const taken = async (shop: Shop, id: string, engine: EngineName): Promise<Taken> => {
  const stock = (await shop.owner.stream("inventory-apple")).length;
  const reported = shop.reports.length;
  await shop.request("/_local/calls", { method: "DELETE" });
  await shop.place(orderOf(id, [{ sku: "apple", quantity: 1, unitPrice: 10 }]));
  await shop.waitForSaga(id);
  const streams = [`order-${id}`, `payment-${id}`, `shipment-${id}`].map(shop.owner.stream);
  const ofStock = (await shop.owner.stream("inventory-apple")).slice(stock);
  const commits = [...(await Promise.all(streams)).flat(), ...ofStock];
  const events = commits.reduce((sum, { ev }) => sum + JSON.parse(ev?.S ?? "[]").length, 0);
  const all = await settled(shop, commits.length);
  const transitions = engine === "choreography" ? 0 : await shop.owner.statesEntered(id);
  const lines = linesIn(shop.reports.slice(reported)).filter(
    ({ source }) => !/^App(Query|Inspect)/.test(source),
  );
  const logBytes = lines.reduce((sum, { bytes }) => sum + bytes, 0);
  return { calls: all, events, transitions, logLines: lines.length, logBytes };
};

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[(values.length - 1) / 2] ?? 0;

/** Schedules are counted by their group, because each has a unique name. */
const keyOf = ({ role, action, resource }: Call): string =>
  `${role} ${action} ${resource.replace(/(:schedule\/[^/]+)\/.*/, "$1")}`;

/** Each call that any order makes, with the median of its count and units. */
const medianCalls = (orders: readonly Taken[]): readonly Call[] => {
  const rows = new Map(orders.flatMap(({ calls }) => calls.map((call) => [keyOf(call), call] as const)));
  return [...rows].map(([key, row]): Call => {
    const each = orders.map(({ calls }) => calls.filter((call) => keyOf(call) === key));
    const of = (name: "count" | "readUnits" | "writeUnits") =>
      median(each.map((found) => found.reduce((sum, call) => sum + call[name], 0)));
    return { ...row, count: of("count"), readUnits: of("readUnits"), writeUnits: of("writeUnits") };
  });
};

const needed = async (
  shop: Shop,
  engine: EngineName,
): Promise<{ readonly found: ExactCounts; readonly logBytes: number }> => {
  await shop.receive("apple", 100);
  await taken(shop, "warm", engine);
  const orders: Taken[] = [];
  for (const id of ids) orders.push(await taken(shop, id, engine));
  const of = (name: "events" | "transitions" | "logLines" | "logBytes") =>
    median(orders.map((order) => order[name]));
  const found = countsIn(medianCalls(orders), 1, {
    events: of("events"),
    transitions: of("transitions"),
    logLines: of("logLines"),
  });
  return { found, logBytes: of("logBytes") };
};

/** Ids and numbers have different lengths. */
const expectAbout = (bytes: number, most: number) => {
  expect(bytes).toBeLessThanOrEqual(most);
  expect(bytes).toBeGreaterThan(0.96 * most);
};

test.each([
  ["step-functions", "assembly"],
  ["choreography", "choreography"],
] as const)("an order on %s has exactly the counts in the table of costs", async (engine, original) => {
  const { assembly, done } = recordByRecord(inject(original));
  const shop = await startShop(assembly);
  try {
    const { writeUnits, writeUnitsApart, logBytes, ...others } = counts[engine];
    const { found, ...logged } = await needed(shop, engine);
    expect(found).toEqual({ ...others, writeUnits: writeUnits + writeUnitsApart });
    expectAbout(logged.logBytes, logBytes);
  } finally {
    await shop.stop();
    done();
  }
});

/** The variables of the access log with values as API Gateway writes them. Examples of its pages, and the longest route. */
const accessValues: Readonly<Record<string, string>> = {
  "$context.requestId": "JKJaXmPLvHcESHA=",
  "$context.integration.requestId": "cbe0b9a3-82ee-4dca-9635-caf9e8266df9",
  "$context.requestTime": "12/Dec/2026:19:03:58 +0000",
  "$context.httpMethod": "POST",
  "$context.routeKey": "GET /sagas/checkout/{id}",
  "$context.protocol": "HTTP/1.1",
  "$context.status": "202",
  "$context.responseLength": "128",
  "$context.responseLatency": "45",
  "$context.integration.latency": "41",
  "$context.integration.status": "202",
  "$context.integration.integrationStatus": "200",
  "$context.error.responseType": "-",
  "$context.authorizer.error": "-",
  "$context.authorizer.claims.sub": "7d8ca528-4931-4254-9273-ea5ee853f271",
  "$context.identity.sourceIp": "203.0.113.195",
};

test("a line of the access log has the size in the table of costs", () => {
  const text = readFileSync(join(inject("assembly"), "shop.template.json"), "utf8");
  const { Resources } = z.object({ Resources: z.record(z.string(), z.unknown()) }).parse(JSON.parse(text));
  const stage = z.object({ Properties: z.object({ AccessLogSettings: z.object({ Format: z.string() }) }) });
  const [format] = Object.values(Resources).flatMap((each) => {
    const { success, data } = stage.safeParse(each);
    return success ? [data.Properties.AccessLogSettings.Format] : [];
  });
  const line = format?.replaceAll(/\$context[.\w]+/g, (variable) => {
    const value = accessValues[variable];
    if (value === undefined) throw new Error(`accessValues: expected a value for ${variable}, got none`);
    return value;
  });
  expectAbout(Buffer.byteLength(line ?? ""), lineBytes.access);
});

/** The lines at INFO for an invocation, in the format of https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html */
const linesOfLambda = [
  {
    time: "2026-12-12T19:03:58.123Z",
    type: "platform.start",
    record: { requestId: "cbe0b9a3-82ee-4dca-9635-caf9e8266df9", version: "$LATEST" },
  },
  {
    time: "2026-12-12T19:03:58.223Z",
    type: "platform.report",
    record: {
      requestId: "cbe0b9a3-82ee-4dca-9635-caf9e8266df9",
      metrics: { durationMs: 96.123, billedDurationMs: 97, memorySizeMB: 512, maxMemoryUsedMB: 112 },
      status: "success",
    },
  },
];

test("the lines of Lambda about an invocation have the size in the table of costs", () => {
  const bytes = linesOfLambda.reduce((sum, line) => sum + Buffer.byteLength(JSON.stringify(line)), 0);
  expectAbout(bytes, lineBytes.invocation);
});

test("a query writes a line of the size in the table of costs", async () => {
  const shop = await startShop();
  try {
    const orderId = "order-1";
    await shop.place(orderOf(orderId, [{ sku: "apple", quantity: 1, unitPrice: 10 }]));
    await shop.waitForSaga(orderId);
    const reported = shop.reports.length;
    await shop.get(`/orders/${orderId}`);
    const [line] = await shop.wait("the line of the query", () => {
      const lines = linesIn(shop.reports.slice(reported)).filter(({ source }) => /^AppQuery/.test(source));
      return lines.length > 0 ? lines : undefined;
    });
    expectAbout(line?.bytes ?? 0, lineBytes.query);
  } finally {
    await shop.stop();
  }
});

test("a key adds the counts in the table, a repeated request half of them, and no key adds nothing", async () => {
  const shop = await startShop();
  const take = async (headers: Readonly<Record<string, string>>) => {
    await shop.request("/_local/calls", { method: "DELETE" });
    const order = orderOf("keyed", [{ sku: "apple", quantity: 1, unitPrice: 10 }]);
    await shop.place(order, headers);
    const own = (await calls(shop)).filter(({ resource }) => resource.includes("IdempotencyKeys"));
    const total = (value: (call: Call) => number) => own.reduce((sum, call) => sum + value(call), 0);
    return {
      count: total(({ count }) => count),
      writeUnits: total(({ writeUnits }) => writeUnits),
      readUnits: total(({ readUnits }) => readUnits),
    };
  };
  try {
    const key = { "idempotency-key": "k".repeat(255) };
    expect(await take(key)).toEqual({ count: 2, ...keyed });
    expect(await take(key)).toEqual({ count: 1, writeUnits: keyed.writeUnits / 2, readUnits: 0 });
    expect(await take({})).toEqual({ count: 0, writeUnits: 0, readUnits: 0 });
  } finally {
    await shop.stop();
  }
});

test("an event of another system takes the units of the inbox in the table of costs", async () => {
  const shop = await startShop();
  try {
    const event = (id: string) => ({
      specversion: "1.0",
      id,
      source: "warehouse",
      type: "StockDelivered",
      data: { article: "apple", pieces: 1 },
    });
    const publish = (id: string) => shop.owner.publish("warehouse", "StockDelivered", event(id));
    const inbox = async () => (await calls(shop)).filter(({ resource }) => resource.includes("StorageInbox"));
    const unitsOf = (all: readonly Call[]) => all.reduce((sum, { writeUnits }) => sum + writeUnits, 0);
    // A call is counted before it returns, and its units after it.
    const takes = async (calls: number, units: number) => {
      await shop.wait(`${units} units`, async () => (unitsOf(await inbox()) >= units ? true : undefined));
      const all = await inbox();
      expect({ calls: sumOf(all), units: unitsOf(all) }).toEqual({ calls, units });
    };
    await publish("first");
    await takes(2, inboxUnits.first);
    await publish("first");
    await takes(3, inboxUnits.first + inboxUnits.repeated);
  } finally {
    await shop.stop();
  }
});
