import { expect, test } from "vitest";
import type { SentCommand } from "../../../lib/model/message.ts";
import { stepsThatWait } from "../../../lib/model/saga.ts";
import { instanceIn } from "../../../lib/model/sagas/instance.ts";
import { closeReturn } from "../../../lib/shop/orders/order.ts";
import { restock } from "../../../lib/shop/sagas/restock.ts";
import { recorded } from "../../model/recorded.ts";
import { orderId } from "./orders.ts";

const lines = [
  { sku: "nw-11", quantity: 12 },
  { sku: "nw-42", quantity: 10 },
];
const start = recorded(`order-${orderId}`, {
  type: "OrderReturned",
  data: { orderId, reason: "too small", lines },
});

const instance = () => {
  const found = instanceIn(restock, `restock/${orderId}`, [start]);
  if (!found) throw new Error("an order that is returned starts its restock");
  return found;
};

/** The first commands of each task, without their ids. */
const sentBy = ({ undecided }: { readonly undecided: readonly SentCommand[] }) =>
  undecided.map(({ type, streamId, data }) => [type, streamId, data]);

test("no step waits", () => {
  expect(stepsThatWait(restock)).toEqual([]);
});

test("it refunds the money, returns each line, and closes the return", () => {
  const tasks = instance().forward.map((task) => task([]));
  expect(tasks.map((task) => [task.name, task.mode, ...sentBy(task.progress([start]))])).toEqual([
    ["give-money-back", "compensable", ["VoidPayment", `payment-${orderId}`, { orderId }]],
    [
      "put-stock-back",
      "forward",
      ["ReturnStock", "inventory-nw-11", { sku: "nw-11", orderId, quantity: 12 }],
      ["ReturnStock", "inventory-nw-42", { sku: "nw-42", orderId, quantity: 10 }],
    ],
    ["complete", "forward", ["CloseReturn", `order-${orderId}`, { orderId }]],
  ]);
});

test("if the refund fails, nothing is returned, and the order has the reason", () => {
  const tasks = instance().compensating(0, { kind: "timed-out", step: "give-money-back" });
  const refused = "give-money-back-timed-out";
  expect(tasks.map((task) => [task.name, ...sentBy(task.progress([start]))])).toEqual([
    ["undo-give-money-back"],
    ["abandon", ["CloseReturn", `order-${orderId}`, { orderId, refused }]],
  ]);
  expect(closeReturn.schema.parse({ orderId, refused })).toEqual({ orderId, refused });
});
