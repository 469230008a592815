import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decide, fold } from "../../../lib/model/decider.ts";
import type { Message } from "../../../lib/model/message.ts";
import { inventory } from "../../../lib/shop/stock/inventory.ts";
import { scenario } from "./scenario.ts";
import { requests } from "./stock-requests.ts";

const sku = "nw-11";
const orderId = "1";
const receipt = (quantity: number) => ({ sku, quantity });
const reservation = (order: string, quantity: number) => ({ sku, orderId: order, quantity });

const received = { type: "StockReceived", data: receipt(3) } as const;
const reserved = { type: "StockReserved", data: reservation(orderId, 2) } as const;
const released = { type: "StockReleased", data: reserved.data } as const;
const taken = { type: "StockTaken", data: reserved.data } as const;
const cameBack = { type: "StockReturned", data: reserved.data } as const;
const soldOut = [received, { type: "StockReserved", data: reservation("2", 3) }] as const;
const brimful = { type: "StockReceived", data: receipt(Number.MAX_SAFE_INTEGER) } as const;

const receive = { type: "ReceiveStock", data: receipt(3) } as const;
const reserve = { type: "ReserveStock", data: reserved.data } as const;
const release = { type: "ReleaseStock", data: { sku, orderId } } as const;
const giveBack = { type: "ReturnStock", data: reserved.data } as const;
const take = { type: "TakeStock", data: { sku, orderId } } as const;

scenario(
  inventory,
  {
    kinds: ["unknown", "in stock", "sold out", "reserved"],
    kindOf: ({ received, available, reservations }) => {
      if (reservations.some((each) => each.orderId === orderId)) return "reserved";
      if (received === 0) return "unknown";
      return available > 0 ? "in stock" : "sold out";
    },
    repeatable: ["ReceiveStock", "ReturnStock"],
  },
  [
    ["the first stock is received", [], receive, [received]],
    ["more stock is received", [received], receive, [received]],
    ["stock is received after it was sold out", soldOut, receive, [received]],
    ["stock is received while some is reserved", [received, reserved], receive, [received]],
    ["stock is not received above the limit", [brimful], receive, "too-much"],
    ["stock that was never received is not reserved", [], reserve, "unknown-sku"],
    ["stock is reserved", [received], reserve, [reserved]],
    ["no more is reserved than is available", soldOut, reserve, "out-of-stock"],
    ["stock is reserved once per order", [received, reserved], reserve, []],
    [
      "an order reserves one quantity",
      [received, reserved],
      { type: "ReserveStock", data: reservation(orderId, 1) },
      "already-reserved",
    ],
    [
      "reserved stock is not reserved again",
      [received, reserved],
      { type: "ReserveStock", data: reservation("2", 2) },
      "out-of-stock",
    ],
    ["released stock is available again", [received, reserved, released], reserve, [reserved]],
    ["stock that was taken is not reserved again", [received, reserved, taken], reserve, "out-of-stock"],
    ["nothing is released if nothing was received", [], release, []],
    ["nothing is released if nothing is reserved", [received], release, []],
    ["stock that other orders have reserved is not released", soldOut, release, []],
    ["reserved stock is released in its quantity", [received, reserved], release, [released]],
    ["stock that was taken is not released", [received, reserved, taken], release, []],
    ["nothing is taken if nothing was received", [], take, "not-reserved"],
    ["nothing is taken if nothing is reserved", [received], take, "not-reserved"],
    ["stock that other orders have reserved is not taken", soldOut, take, "not-reserved"],
    ["reserved stock is taken in its quantity", [received, reserved], take, [taken]],
    ["stock that was released is not taken", [received, reserved, released], take, "not-reserved"],
    ["stock that was never received is not returned", [], giveBack, "unknown-sku"],
    ["stock that was taken is returned", [received, reserved, taken], giveBack, [cameBack]],
    ["returned stock is available for others", [received, reserved, taken, cameBack], reserve, [reserved]],
    ["stock is returned while everything else is reserved", soldOut, giveBack, [cameBack]],
    [
      "stock that is returned before it is taken is still taken",
      [received, reserved, cameBack],
      take,
      [taken],
    ],
    ["stock may be returned before it is taken", [received, reserved], giveBack, [cameBack]],
    ["stock is not returned above the limit", [brimful], giveBack, "too-much"],
  ],
);

test.each(["__proto__", "constructor", "toString"])("an order id may be %s", (name) => {
  const order = { type: "StockReserved", data: reservation(name, 2) } as const;
  const free = { type: "ReserveStock", data: order.data };
  const decision = decide(inventory, free, fold(inventory, [received]), { now: new Date(0) });
  expect(decision).toEqual([order]);
  const state = fold(inventory, [received, order]);
  expect(decide(inventory, free, state, { now: new Date(0) })).toEqual([]);
});

test("the state does not grow with the history", () => {
  const order = (index: number): readonly Message[] => {
    const data = reservation(`${index}`, 2);
    return [received, { type: "StockReserved", data }, { type: "StockTaken", data }];
  };
  const state = fold(inventory, Array.from({ length: 1000 }, (_, index) => order(index)).flat());
  expect(state).toEqual({ received: 3000, available: 1000, reservations: [] });
});

test("no sequence of commands reserves more than there is", () => {
  fc.assert(
    fc.property(requests(sku), (commands) => {
      let state = inventory.initialState;
      let taken = 0;
      let returned = 0;
      for (const command of commands) {
        const decision = decide(inventory, command, state, { now: new Date(0) });
        const events = "rejected" in decision ? [] : decision;
        state = fold({ ...inventory, initialState: state }, events);
        for (const { type, data } of events) {
          if (type === "StockTaken") taken += Number(data.quantity);
          if (type === "StockReturned") returned += Number(data.quantity);
        }
        const { received, available, reservations } = state;
        const reserved = reservations.reduce((sum, { quantity }) => sum + quantity, 0);
        expect(available).toBeGreaterThanOrEqual(0);
        expect(received + returned).toBe(available + reserved + taken);
      }
    }),
  );
});
