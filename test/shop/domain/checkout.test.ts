import { describe, expect, test } from "vitest";
import { type RecordedEvent, receipts, type SentCommand } from "../../../lib/model/message.ts";
import type { Reason } from "../../../lib/model/saga.ts";
import { instanceIn } from "../../../lib/model/sagas/instance.ts";
import { cancelOrder } from "../../../lib/shop/orders/order.ts";
import { checkout } from "../../../lib/shop/sagas/checkout.ts";
import { recorded } from "../../model/recorded.ts";
import { orderId, placeable, total } from "./orders.ts";

const start = recorded(`order-${orderId}`, { type: "OrderPlaced", data: { ...placeable, total } });
const authorized = recorded(`payment-${orderId}`, {
  type: "PaymentAuthorized",
  data: { orderId, authorization: "A1" },
});

const instance = () => {
  const found = instanceIn(checkout, `checkout/${orderId}`, [start]);
  if (!found) throw new Error("an order that is placed starts its checkout");
  return found;
};

/** The first commands of each task, without their ids. */
const sentBy = ({ undecided }: { readonly undecided: readonly SentCommand[] }) =>
  undecided.map(({ type, streamId, data }) => [type, streamId, data]);

test("it reserves, requests the payment, ships, confirms and takes", () => {
  const done: readonly RecordedEvent[] = [authorized];
  const { shipTo } = placeable;
  const tasks = instance().forward.map((task) => task(done));
  expect(tasks.map((task) => [task.name, ...sentBy(task.progress([start]))])).toEqual([
    [
      "reserve-stock",
      ["ReserveStock", "inventory-nw-11", { sku: "nw-11", orderId, quantity: 12 }],
      ["ReserveStock", "inventory-nw-42", { sku: "nw-42", orderId, quantity: 10 }],
    ],
    [
      "authorize-payment",
      ["RequestPayment", "payment-10248", { orderId, amount: total, paymentMethod: "pm_card_visa" }],
    ],
    [
      "arrange-shipment",
      [
        "ArrangeShipment",
        "shipment-10248",
        {
          orderId,
          shipTo,
          parcels: [
            { sku: "nw-11", quantity: 12 },
            { sku: "nw-42", quantity: 10 },
          ],
          authorization: "A1",
        },
      ],
    ],
    ["confirm-order", ["ConfirmOrder", "order-10248", { orderId }]],
    [
      "complete",
      ["TakeStock", "inventory-nw-11", { sku: "nw-11", orderId }],
      ["TakeStock", "inventory-nw-42", { sku: "nw-42", orderId }],
    ],
  ]);
});

test("it compensates in reverse order, the failed step first, and cancels the order", () => {
  const reason: Reason = { kind: "timed-out", step: "confirm-order" };
  const tasks = instance().compensating(3, reason);
  expect(tasks.map((task) => [task.name, ...sentBy(task.progress([start]))])).toEqual([
    ["undo-confirm-order"],
    ["undo-arrange-shipment", ["CancelShipment", "shipment-10248", { orderId }]],
    ["undo-authorize-payment", ["VoidPayment", "payment-10248", { orderId }]],
    [
      "undo-reserve-stock",
      ["ReleaseStock", "inventory-nw-11", { sku: "nw-11", orderId }],
      ["ReleaseStock", "inventory-nw-42", { sku: "nw-42", orderId }],
    ],
    ["abandon", ["CancelOrder", "order-10248", { orderId, reason: "confirm-order-timed-out" }]],
  ]);
});

const reasons: readonly (readonly [words: string, reason: Reason])[] = [
  [
    "out-of-stock",
    { kind: "rejected", step: "reserve-stock", code: "out-of-stock", because: "2 of nw-11 left" },
  ],
  ["payment-declined", { kind: "failed", step: "authorize-payment", event: "PaymentDeclined" }],
  ["not-approved", { kind: "failed", step: "approve", event: "OrderRefused" }],
  ["not-approved", { kind: "timed-out", step: "approve" }],
  ["authorize-payment-timed-out", { kind: "timed-out", step: "authorize-payment" }],
];

test.each(reasons)("an abandoned order is cancelled because of %s", (words, reason) => {
  const [{ data } = { data: {} }] =
    instance().compensating(0, reason).at(-1)?.progress([start]).undecided ?? [];
  expect(cancelOrder.schema.parse(data)).toEqual({ orderId, reason: words });
});

describe("an order that needs approval", () => {
  const ordered = (approval: object) => {
    const data = { ...placeable, total, ...approval };
    const large = recorded(`order-${orderId}`, { type: "OrderPlaced", data });
    const found = instanceIn(checkout, `checkout/${orderId}`, [large]);
    if (!found) throw new Error("an order that is placed starts its checkout");
    return { large, found };
  };

  test("is one whose event says so, even if the limit has changed", () => {
    const skipped = [{ needsApproval: true }, {}].map((approval) => ordered(approval).found.skips);
    expect(skipped).toEqual([[], ["approve"]]);
  });

  test("is approved after its stock is reserved, before its payment is requested", () => {
    const { large, found } = ordered({ needsApproval: true });
    const tasks = found.forward.map((task) => task([authorized]));
    expect(tasks.slice(0, 3).map(({ name }) => name)).toEqual([
      "reserve-stock",
      "approve",
      "authorize-payment",
    ]);
    const [, approve] = tasks;
    expect(approve && sentBy(approve.progress([large]))).toEqual([
      ["RequestApproval", "order-10248", { orderId }],
    ]);
    expect(approve?.timeoutSeconds).toBe(3 * 24 * 3600);
  });

  test("lets an unanswered request lapse if it compensates later", () => {
    const { large, found } = ordered({ needsApproval: true });
    const tasks = found.compensating(2, {
      kind: "failed",
      step: "authorize-payment",
      event: "PaymentDeclined",
    });
    const lapse = tasks.find(({ name }) => name === "undo-approve");
    expect(lapse && sentBy(lapse.progress([large]))).toEqual([["LapseApproval", "order-10248", { orderId }]]);
  });
});

describe("confirming is the pivot", () => {
  const confirm = `checkout/${orderId}/confirm-order/order-${orderId}#1`;
  const sagaId = `checkout/${orderId}`;

  test("a customer's cancellation makes the checkout compensate", () => {
    const answer = { command: "ConfirmOrder", commandId: confirm, code: "already-cancelled", because: "" };
    const data = receipts.CommandRejected.parse(answer);
    const rejected = recorded(
      `order-${orderId}`,
      { type: "CommandRejected", data },
      { version: 3, commandId: confirm, sagaId },
    );
    const progress = instance().forward[3]?.([authorized]).progress([start, rejected]);
    expect(progress).toMatchObject({
      kind: "failed",
      reason: { kind: "rejected", code: "already-cancelled" },
    });
  });

  test("after it, stock that cannot be taken parks the saga for an operator", () => {
    const commandId = `checkout/${orderId}/complete/inventory-nw-11#1`;
    const data = { command: "TakeStock", commandId, code: "not-reserved", because: "" };
    const rejected = recorded(
      "inventory-nw-11",
      { type: "CommandRejected", data },
      { version: 3, commandId, sagaId },
    );
    const progress = instance().forward[4]?.([authorized]).progress([start, rejected]);
    expect(progress).toMatchObject({ kind: "parked", reason: { kind: "rejected", code: "not-reserved" } });
  });
});
