/** The comparison of runs. */
import { expect, test } from "vitest";
import { disagreements, type Row, tableOf } from "../../../bin/shop/combinations/table.ts";

const row = (bus: string, over: Readonly<Record<string, string>> = {}, balances = true): Row => ({
  bus,
  saga: "choreography",
  figures: {
    rows: new Map(
      Object.entries({
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
        ...over,
      }),
    ),
    balances,
    text: "",
  },
});

test("every run has a line", () => {
  expect(tableOf([row("eventbridge"), row("kafka", { "orders per second": "1.5" }, false)])).toBe(
    [
      "| bus | sagas | confirmed | cancelled | revenue | available | orders/s | p50 ms | p95 ms | books |",
      "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
      "| eventbridge | choreography | 8 | 2 | 1227498 | 124265 | 2.0 | 300 | 500 | balance |",
      "| kafka | choreography | 8 | 2 | 1227498 | 124265 | 1.5 | 300 | 500 | do not balance |",
    ].join("\n"),
  );
});

test("runs that differ only in speed agree", () => {
  expect(
    disagreements([row("eventbridge"), row("kafka", { seconds: "9.0", "orders per second": "1" })]),
  ).toEqual([]);
});

const differences: readonly Readonly<Record<string, string>>[] = [
  { confirmed: "7" },
  { "cancelled: out-of-stock": "2" },
  { "cancelled: payment-declined": "1" },
  { "revenue, minor units": "1" },
  { "units available": "1" },
  { parked: "1" },
];

test.each(differences)("runs that differ in %o do not", (over) => {
  const found = disagreements([row("eventbridge"), row("kafka", over), row("rabbitmq")]);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/^kafka × choreography: .*; eventbridge × choreography: /);
});
