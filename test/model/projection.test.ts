import { describe, expect, test } from "vitest";
import { inventory } from "../../lib/domain/inventory.ts";
import { stockLevel } from "../../lib/domain/stock-level.ts";
import { evolveRow, isKeyedByStream, keyOf } from "../../lib/model/projection.ts";
import { recorded } from "./recorded.ts";

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

  test("throws where the key of an event is no text", () => {
    for (const sku of ["", 7, undefined])
      expect(() => keyOf(stockLevel, { ...received, data: { sku } })).toThrow(
        "projection stock-level: the key of inventory-a@1 is no text",
      );
  });

  test("leaves the row as it is for an event that it does not listen to", () => {
    expect([keyOf(stockLevel, unheard), evolveRow(stockLevel, row, unheard)]).toEqual([undefined, row]);
  });

  test("writes no row that does not fit its schema", () => {
    const half = { ...received, data: { sku: "a", quantity: 0.5 } };
    expect(() => evolveRow(stockLevel, undefined, half)).toThrow();
  });
});
