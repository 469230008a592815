import { describe, expect, test } from "vitest";
import * as z from "zod";
import { evolveRow, isKeyedByStream, keyOf, storableRow } from "../../../lib/model/projection.ts";
import { inventory } from "../../../lib/shop/stock/inventory.ts";
import { stockLevel } from "../../../lib/shop/stock/stock-level.ts";
import { recorded } from "../../model/recorded.ts";

const received = recorded("inventory-a", { type: "StockReceived", data: { sku: "a", quantity: 1 } });
const unheard = recorded("inventory-a", { type: "toString", data: {} }, { version: 2 });
const row = { sku: "a", received: 1, reserved: 0, taken: 0, available: 1 };

describe("a projection", () => {
  test("finds the row of an event by a field or by a function", () => {
    const byFunction = { ...stockLevel, on: { StockReceived: { key: () => "all", evolve: () => row } } };
    expect([keyOf(stockLevel, received), keyOf(byFunction, received)]).toEqual(["a", "all"]);
    expect([isKeyedByStream(stockLevel, inventory), isKeyedByStream(byFunction, inventory)]).toEqual([
      true,
      false,
    ]);
  });

  test("throws if the key of an event is not a string", () => {
    const keys: readonly (readonly [sku: unknown, got: string])[] = [
      ["", "an empty one"],
      [7, "number"],
      [undefined, "undefined"],
    ];
    for (const [sku, got] of keys)
      expect(() => keyOf(stockLevel, { ...received, data: { sku } })).toThrow(
        `projection stock-level: expected the key of StockReceived inventory-a@1 to be a string, got ${got}`,
      );
  });

  test("does not change the row for an event that it does not use", () => {
    expect([keyOf(stockLevel, unheard), evolveRow(stockLevel, row, unheard)]).toEqual([undefined, row]);
  });

  test("stores no row that does not fit its schema", () => {
    const half = { ...received, data: { sku: "a", quantity: 0.5 } };
    const next = evolveRow(stockLevel, undefined, half) ?? {};
    expect(() => storableRow(stockLevel, "a", next)).toThrow("projection stock-level, row a, /received: ");
  });

  test("stores no row that JSON cannot represent", () => {
    const loose = { ...stockLevel, row: z.object({ sku: z.string(), anything: z.unknown() }) };
    expect(() => storableRow(loose, "a", { sku: "a", anything: [new Date(0)] })).toThrow(
      "projection stock-level, row a, /anything/0: Date is not JSON",
    );
    expect(storableRow(loose, "a", { sku: "a", anything: undefined, more: 1 })).toStrictEqual({ sku: "a" });
  });

  test("has only objects as rows", () => {
    const odd = { ...stockLevel, on: { StockReceived: { key: "sku", evolve: () => [] } } };
    expect(() => evolveRow(odd, undefined, received)).toThrow("to return an object or undefined");
  });
});
