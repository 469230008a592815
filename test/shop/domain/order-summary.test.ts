import { describe, expect, test } from "vitest";
import type { Message, RecordedEvent } from "../../../lib/model/message.ts";
import { evolveRow, isKeyedByStream, keyOf, type Row } from "../../../lib/model/projection.ts";
import { order } from "../../../lib/shop/orders/order.ts";
import { orderSummary } from "../../../lib/shop/orders/order-summary.ts";
import { payment } from "../../../lib/shop/payments/payment.ts";
import { shipment } from "../../../lib/shop/shipping/shipment.ts";
import { stream } from "../../model/recorded.ts";
import { orderId, placeable, total } from "./orders.ts";

const { lines } = placeable;
const of = (type: string, data: object = {}): Message => ({ type, data: { orderId, ...data } });

const placed = of("OrderPlaced", { ...placeable, orderedAt: "1996-07-04", total });
const asked = of("ApprovalRequested", { total });
const approved = of("OrderApproved", { by: "Grace" });
const refused = of("OrderRefused");
const lapsed = of("ApprovalLapsed");
const confirmed = of("OrderConfirmed", { customer: placeable.customer, total });
const cancelled = of("OrderCancelled", { reason: "rain" });
const returned = of("OrderReturned", { reason: "too small", lines: [] });
const closed = of("ReturnClosed");
const returnRefused = of("ReturnClosed", { refused: "give-money-back-timed-out" });
const requested = of("PaymentRequested");
const authorized = of("PaymentAuthorized");
const declined = of("PaymentDeclined");
const voided = of("PaymentVoided");
const arranged = of("ShipmentArranged");
const calledOff = of("ShipmentCancelled");

type Streams = readonly (readonly RecordedEvent[])[];

const streams = (
  ...[orders = [], payments = [], shipments = []]: readonly (readonly Message[])[]
): Streams => [
  stream(`order-${orderId}`, orders),
  stream(`payment-${orderId}`, payments),
  stream(`shipment-${orderId}`, shipments),
];

/** Every order in which the events may arrive: in order within each stream, in any order between streams. */
const arrivals = (all: Streams): readonly (readonly RecordedEvent[])[] => {
  const left = all.filter(({ length }) => length > 0);
  if (left.length === 0) return [[]];
  return left.flatMap((taken) => {
    const rest = left.map((each) => (each === taken ? each.slice(1) : each));
    return arrivals(rest).map((others) => [...taken.slice(0, 1), ...others]);
  });
};

const rowOf = (events: readonly RecordedEvent[]) =>
  events.reduce<Row | undefined>((row, event) => evolveRow(orderSummary, row, event), undefined);

const completed = streams([placed, asked, approved, confirmed], [requested, authorized], [arranged]);

const known = {
  orderId,
  customerId: "VINET",
  customerName: "Vins et alcools Chevalier",
  placedAt: "2026-01-01T00:00:01.000Z",
  orderedAt: "1996-07-04",
  total,
  lines,
};

const histories: readonly (readonly [name: string, streams: Streams, row: object])[] = [
  ["placed", streams([placed]), { status: "placed" }],
  ["awaiting approval", streams([placed, asked]), { status: "awaiting-approval" }],
  ["approved", streams([placed, asked, approved]), { status: "approved" }],
  ["refused", streams([placed, asked, refused]), { status: "not-approved" }],
  ["not approved in time", streams([placed, asked, lapsed]), { status: "not-approved" }],
  ["reserved", streams([placed], [requested]), { status: "reserved" }],
  ["paid", streams([placed], [requested, authorized]), { status: "paid" }],
  [
    "still paid while it is shipped",
    streams([placed], [requested, authorized], [arranged]),
    { status: "paid", shipment: "arranged" },
  ],
  ["confirmed", completed, { status: "confirmed", shipment: "arranged" }],
  [
    "returned",
    streams([placed, confirmed, returned, closed], [requested, authorized, voided]),
    { status: "returned", reason: "too small" },
  ],
  [
    "the return was refused",
    streams([placed, confirmed, returned, returnRefused], [requested, authorized]),
    { status: "return-refused", reason: "give-money-back-timed-out" },
  ],
  ["cancelled out of stock", streams([placed, cancelled]), { status: "cancelled", reason: "rain" }],
  [
    "cancelled without a payment",
    streams([placed, cancelled], [requested, declined]),
    { status: "cancelled", reason: "rain" },
  ],
  [
    "cancelled after everything was done and undone",
    streams([placed, cancelled], [requested, authorized, voided], [arranged, calledOff]),
    { status: "cancelled", reason: "rain", shipment: "cancelled" },
  ],
];

describe.each(histories)("an order is %s", (_, all, row) => {
  test("for every order of the events of its streams", () => {
    for (const events of arrivals(all)) expect(rowOf(events)).toEqual({ ...known, ...row });
  });
});

test("an order never goes back to an earlier status", () => {
  const ranks = ["placed", "awaiting-approval", "approved", "reserved", "paid", "confirmed"];
  for (const events of arrivals(completed)) {
    const seen = events.map((_, index) => ranks.indexOf(String(rowOf(events.slice(0, index + 1))?.status)));
    expect(seen).toEqual(seen.toSorted());
  }
});

test("a row without OrderPlaced is in no list", () => {
  const row = rowOf(stream(`payment-${orderId}`, [requested]));
  expect(row).toEqual({ orderId, status: "reserved" });
  for (const { newestFirst = "" } of Object.values(orderSummary.indexes ?? {}))
    expect(row).not.toHaveProperty(newestFirst);
});

test("all events of a stream change the row of its order", () => {
  for (const decider of [order, payment, shipment]) expect(isKeyedByStream(orderSummary, decider)).toBe(true);
  for (const event of streams([placed], [requested], [arranged]).flat())
    expect(keyOf(orderSummary, event)).toBe(orderId);
});
