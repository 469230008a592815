import { expect, test } from "vitest";
import { offered, texts } from "../../lib/deploy/context/keys.ts";
import { contextTable } from "../../lib/deploy/context/table.ts";

test("the table for people has one row for each key: ours, of each saga, and the application's own", () => {
  const rows = contextTable(["checkout", "restock"], { payments: ["sandbox", "bank"] })
    .split("\n")
    .slice(2);
  const keys = rows.map((row) => /^\| `([^`]+)` \|/.exec(row)?.[1]);
  const expected = [
    ...Object.keys(offered),
    ...Object.keys(texts),
    "saga.checkout",
    "saga.restock",
    "payments",
  ];
  expect(keys.toSorted()).toEqual(expected.toSorted());
});
