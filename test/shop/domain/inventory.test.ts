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
    ["the first of it is received", [], receive, [received]],
    ["more of it is received", [received], receive, [received]],
    ["it is received when it was sold out", soldOut, receive, [received]],
    ["it is received while some is reserved", [received, reserved], receive, [received]],
    ["no more is received than can be counted", [brimful], receive, "too-much"],
    ["nobody reserves what never came", [], reserve, "unknown-sku"],
    ["it is reserved", [received], reserve, [reserved]],
    ["no more is reserved than there is", soldOut, reserve, "out-of-stock"],
    ["it is reserved once per order", [received, reserved], reserve, []],
    [
      "an order reserves one quantity",
      [received, reserved],
      { type: "ReserveStock", data: reservation(orderId, 1) },
      "already-reserved",
    ],
    [
      "it is not promised twice",
      [received, reserved],
      { type: "ReserveStock", data: reservation("2", 2) },
      "out-of-stock",
    ],
    ["it is free again after its release", [received, reserved, released], reserve, [reserved]],
    ["what was taken is not reserved again", [received, reserved, taken], reserve, "out-of-stock"],
    ["where nothing ever came nothing is released", [], release, []],
    ["where nothing is reserved nothing is released", [received], release, []],
    ["what others have reserved is not released", soldOut, release, []],
    ["what is reserved is released, in its quantity", [received, reserved], release, [released]],
    ["what was taken is not released", [received, reserved, taken], release, []],
    ["where nothing ever came nothing is taken", [], take, "not-reserved"],
    ["where nothing is reserved nothing is taken", [received], take, "not-reserved"],
    ["what others have reserved is not taken", soldOut, take, "not-reserved"],
    ["what is reserved is taken, in its quantity", [received, reserved], take, [taken]],
    ["what was released is not taken", [received, reserved, released], take, "not-reserved"],
    ["where nothing ever came nothing comes back", [], giveBack, "unknown-sku"],
    ["what was taken comes back", [received, reserved, taken], giveBack, [cameBack]],
    ["what came back is there for others", [received, reserved, taken, cameBack], reserve, [reserved]],
    ["what comes back where all was reserved is there for others", soldOut, giveBack, [cameBack]],
    ["what comes back before it is taken is still taken", [received, reserved, cameBack], take, [taken]],
    ["what comes back may come before it is taken", [received, reserved], giveBack, [cameBack]],
    ["no more comes back than can be counted", [brimful], giveBack, "too-much"],
  ],
);

test.each(["__proto__", "constructor", "toString"])("an order may be called %s", (name) => {
  const order = { type: "StockReserved", data: reservation(name, 2) } as const;
  const free = { type: "ReserveStock", data: order.data };
  const decision = decide(inventory, free, fold(inventory, [received]), { now: new Date(0) });
  expect(decision).toEqual([order]);
  const state = fold(inventory, [received, order]);
  expect(decide(inventory, free, state, { now: new Date(0) })).toEqual([]);
});

test("its state does not grow with its history", () => {
  const order = (index: number): readonly Message[] => {
    const data = reservation(`${index}`, 2);
    return [received, { type: "StockReserved", data }, { type: "StockTaken", data }];
  };
  const state = fold(inventory, Array.from({ length: 1000 }, (_, index) => order(index)).flat());
  expect(state).toEqual({ received: 3000, available: 1000, reservations: [] });
});

test("whatever is asked for, no more is promised than there is", () => {
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
