/** The comparison of runs. */
import { expect, test } from "vitest";
import { combined } from "../../../bin/shop/combinations/compare.ts";
import { measuredText } from "../../../bin/shop/combinations/record.ts";
import type { Run } from "../../../bin/shop/combinations/run.ts";
import { disagreements, tableOf } from "../../../bin/shop/combinations/table.ts";

const summary = {
  orders: "10",
  confirmed: "8",
  "cancelled: unknown-sku": "1",
  "cancelled: out-of-stock": "1",
  "revenue, minor units": "1227498",
  "units available": "124265",
  seconds: "5.0",
  "orders per second": "2.0",
  "p50 from POST to end, ms": "300",
  "p95 from POST to end, ms": "500",
};

type Changes = Partial<Omit<Run, "figures">> & {
  readonly rows?: Readonly<Record<string, string>>;
  readonly balances?: boolean;
};

const run = ({ rows = {}, balances = true, ...combination }: Changes = {}): Run => ({
  bus: "eventbridge",
  saga: "choreography",
  concurrency: 1,
  ...combination,
  figures: { rows: new Map(Object.entries({ ...summary, ...rows })), balances, text: "" },
});

const runAt = (saga: string, rate: number, p50: number, balances = true): Run =>
  run({
    saga,
    balances,
    concurrency: 16,
    rows: { "orders per second": `${rate}`, "p50 from POST to end, ms": `${p50}` },
  });

test("every combination has a line", () => {
  const played = [run(), run({ bus: "kafka", rows: { "orders per second": "1.5" }, balances: false })];
  expect(tableOf(played).split("\n")).toEqual([
    "| bus | sagas | at once | runs | confirmed | cancelled | revenue | available | orders/s | ratio | p50 ms | ratio | p95 ms | books |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    "| eventbridge | choreography | 1 | 1 | 8 | 2 | 1227498 | 124265 | 2 | 1 | 300 | 1 | 500 | balance |",
    "| kafka | choreography | 1 | 1 | 8 | 2 | 1227498 | 124265 | 1.5 | 1 | 300 | 1 | 500 | do not balance |",
  ]);
});

test("a speed is the median of the runs, and a ratio the median of the ratios to the first engine in the same round", () => {
  const played = [
    runAt("step-functions", 10, 400),
    runAt("choreography", 12, 300),
    // In this round the machine had other work.
    runAt("choreography", 3, 1500),
    runAt("step-functions", 2, 1000),
    runAt("step-functions", 10, 400),
    runAt("choreography", 11, 360),
  ];
  expect(combined(played).map(({ speed }) => speed)).toMatchObject([
    { engine: "step-functions", runs: 3, ordersPerSecond: 10, ordersPerSecondRatio: 1, p50Ratio: 1 },
    { engine: "choreography", runs: 3, ordersPerSecond: 11, ordersPerSecondRatio: 1.2, p50Ratio: 0.9 },
  ]);
});

test("the median of an even number of runs is between the two in the middle", () => {
  const [found] = combined([runAt("choreography", 1, 100), runAt("choreography", 2, 300)]);
  expect(found?.speed).toMatchObject({ ordersPerSecond: 1.5, p50Milliseconds: 200 });
});

test("engines are compared on the same bus with the same number of orders at once", () => {
  const played = [run({ saga: "step-functions" }), run({ bus: "kafka" }), run({ concurrency: 16 }), run()];
  const speeds = combined(played).map(({ speed }) => [speed.bus, speed.atOnce, speed.engine, speed.p50Ratio]);
  expect(speeds).toEqual([
    ["eventbridge", 1, "step-functions", 1],
    ["kafka", 1, "choreography", 1],
    ["eventbridge", 16, "choreography", 1],
    ["eventbridge", 1, "choreography", 1],
  ]);
});

test("the books of a combination balance if they balance in every run", () => {
  const played = [runAt("choreography", 1, 1), runAt("choreography", 1, 1, false)];
  expect(combined(played).map(({ balances }) => balances)).toEqual([false]);
});

test("recorded speeds replace those of the same buses, in the same order", () => {
  const speeds = (rows: readonly Run[]) => combined(rows).map(({ speed }) => speed);
  const recorded = speeds([run(), run({ bus: "kafka" })]);
  const faster = { "orders per second": "3" };
  const text = measuredText(recorded, speeds([run({ rows: faster }), run({ bus: "rabbitmq" })]));
  expect(text.split("\n").slice(1, 5)).toEqual([
    "export const measured = [",
    '  ["eventbridge", "choreography", 1, 10, 1, 3, 300, 500, 1, 1],',
    '  ["kafka", "choreography", 1, 10, 1, 2, 300, 500, 1, 1],',
    '  ["rabbitmq", "choreography", 1, 10, 1, 2, 300, 500, 1, 1],',
  ]);
});

test("runs that differ only in speed agree", () => {
  const other = run({ bus: "kafka", rows: { seconds: "9.0", "orders per second": "1" } });
  expect(disagreements([run(), other])).toEqual([]);
});

const differences: readonly Readonly<Record<string, string>>[] = [
  { confirmed: "7" },
  { "cancelled: out-of-stock": "2" },
  { "cancelled: payment-declined": "1" },
  { "revenue, minor units": "1" },
  { "units available": "1" },
  { parked: "1" },
];

test.each(differences)("runs that differ in %o do not", (rows) => {
  const found = disagreements([run(), run({ bus: "kafka", rows }), run({ bus: "rabbitmq" })]);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/^kafka × choreography: .*; eventbridge × choreography: /);
});

test("runs with several orders at once may differ", () => {
  expect(disagreements([run(), run({ concurrency: 16, rows: { confirmed: "7" } })])).toEqual([]);
});
