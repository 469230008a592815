/** The example in the header of position.ts. */
import { expect, test } from "vitest";
import type { RecordedEvent } from "../../../../lib/model/message.ts";
import { positionOf } from "../../../../lib/model/sagas/position.ts";
import { checkout } from "../../../../lib/shop/sagas/checkout.ts";
import { recorded } from "../../../model/recorded.ts";

const sagaId = "checkout/1";
const order = { orderId: "1", total: 4, paymentMethod: "pm_card_visa", shipTo: {} };
const start = recorded("order-1", {
  type: "OrderPlaced",
  data: { ...order, lines: [{ sku: "tea", quantity: 1, unitPrice: 4 }] },
});

/** An event that answers the first attempt of a command. `by` is its task. */
const answer = (streamId: RecordedEvent["metadata"]["streamId"], type: string, by: string): RecordedEvent => {
  const commandId = `${sagaId}/${by}/${streamId}#1`;
  const receipt = { command: "Any", commandId };
  const data = type.startsWith("Command") ? receipt : { orderId: "1", sku: "tea", authorization: "A1" };
  return recorded(streamId, { type, data }, { sagaId, commandId, version: 7 });
};

type Row = readonly [event: RecordedEvent, position: string, next: readonly string[]];

const confirmed: readonly Row[] = [
  [answer("payment-1", "PaymentAuthorized", "effect"), "running at arrange-shipment", ["ArrangeShipment"]],
  [
    answer("shipment-1", "ShipmentArranged", "arrange-shipment"),
    "running at confirm-order",
    ["ConfirmOrder"],
  ],
  [answer("order-1", "OrderConfirmed", "confirm-order"), "running at complete", ["TakeStock"]],
  [answer("inventory-tea", "StockTaken", "complete"), "completed", []],
];

const declined: readonly Row[] = [
  [
    answer("payment-1", "PaymentDeclined", "effect"),
    "compensating at undo-authorize-payment",
    ["VoidPayment"],
  ],
  [
    answer("payment-1", "CommandIgnored", "undo-authorize-payment"),
    "compensating at undo-reserve-stock",
    ["ReleaseStock"],
  ],
  [
    answer("inventory-tea", "StockReleased", "undo-reserve-stock"),
    "compensating at abandon",
    ["CancelOrder"],
  ],
  [answer("order-1", "OrderCancelled", "abandon"), "compensated", []],
];

const rows: readonly Row[] = [
  [start, "running at reserve-stock", ["ReserveStock"]],
  [
    answer("inventory-tea", "StockReserved", "reserve-stock"),
    "running at authorize-payment",
    ["RequestPayment"],
  ],
  [answer("payment-1", "PaymentRequested", "authorize-payment"), "waiting at authorize-payment", []],
];

test.each([
  ["that is confirmed", [...rows, ...confirmed]],
  ["whose payment is declined", [...rows, ...declined]],
])("the checkout of an order %s has these positions", (_, expected) => {
  const found = expected.map(([event], index) => {
    const history = expected.slice(0, index + 1).map(([each]) => each);
    const { status, next } = positionOf(checkout, { id: sagaId, history }) ?? {};
    const at = status && "step" in status ? ` at ${status.step}` : "";
    return [event, `${status?.kind}${at}`, next?.progress.unanswered.map(({ type }) => type) ?? []];
  });
  expect(found).toEqual(expected);
});
