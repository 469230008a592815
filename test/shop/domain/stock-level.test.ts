import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decide, fold } from "../../../lib/model/decider.ts";
import type { Message } from "../../../lib/model/message.ts";
import { evolveRow, isKeyedByStream, type Row } from "../../../lib/model/projection.ts";
import { inventory } from "../../../lib/shop/stock/inventory.ts";
import { stockLevel } from "../../../lib/shop/stock/stock-level.ts";
import { stream } from "../../model/recorded.ts";
import { requests } from "./stock-requests.ts";

const sku = "nw-11";

const levelOf = (events: readonly Message[]) =>
  stream(`inventory-${sku}`, events).reduce<Row | undefined>(
    (row, event) => evolveRow(stockLevel, row, event),
    undefined,
  );

const ofOrder = (type: string, quantity: number): Message => ({
  type,
  data: { sku, orderId: "1", quantity },
});
const received: Message = { type: "StockReceived", data: { sku, quantity: 5 } };

const levels: readonly (readonly [name: string, events: readonly Message[], row: Row | undefined])[] = [
  ["what was received is available", [received], { received: 5, reserved: 0, taken: 0, available: 5 }],
  [
    "reserved stock is not available",
    [received, ofOrder("StockReserved", 2)],
    { received: 5, reserved: 2, taken: 0, available: 3 },
  ],
  [
    "released stock is available again",
    [received, ofOrder("StockReserved", 2), ofOrder("StockReleased", 2)],
    { received: 5, reserved: 0, taken: 0, available: 5 },
  ],
  [
    "taken stock is no longer reserved",
    [received, ofOrder("StockReserved", 2), ofOrder("StockTaken", 2)],
    { received: 5, reserved: 0, taken: 2, available: 3 },
  ],
  [
    "returned stock is no longer taken",
    [received, ofOrder("StockReserved", 2), ofOrder("StockTaken", 2), ofOrder("StockReturned", 2)],
    { received: 5, reserved: 0, taken: 0, available: 5 },
  ],
];

test.each(levels)("%s", (_, events, row) => expect(levelOf(events)).toEqual({ sku, ...row }));

test("all events of a stream change the row of its article", () => {
  expect(isKeyedByStream(stockLevel, inventory)).toBe(true);
});

test("the level equals the state of the inventory", () => {
  fc.assert(
    fc.property(requests(sku), (commands) => {
      const events: Message[] = [];
      for (const command of commands) {
        const decision = decide(inventory, command, fold(inventory, events), { now: new Date(0) });
        if (!("rejected" in decision)) events.push(...decision);
      }
      const { received, available, reservations } = fold(inventory, events);
      const reserved = reservations.reduce((sum, { quantity }) => sum + quantity, 0);
      const level = levelOf(events) ?? { received: 0, available: 0, reserved: 0 };
      expect(level).toMatchObject({ received, available, reserved });
    }),
  );
});
