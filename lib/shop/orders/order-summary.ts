/**
 * The read model of an order: one row from three streams. Their events arrive in any order, so each field belongs
 * to one stream, and the status is the furthest one that any of the events means.
 */
import * as z from "zod";
import type { RecordedEvent } from "../../model/message.ts";
import type { Projection } from "../../model/projection.ts";
import { payment } from "../payments/payment.ts";
import { shipment } from "../shipping/shipment.ts";
import { amount } from "../values/amount.ts";
import { order } from "./order.ts";
import { orderLine } from "./order-line.ts";

/**
 * Two statuses with the same rank come from one stream, which has only one of them: an order is approved or not,
 * and confirmed or cancelled.
 */
const ranks = {
  placed: 0,
  "awaiting-approval": 1,
  approved: 2,
  "not-approved": 2,
  reserved: 3,
  paid: 4,
  confirmed: 5,
  cancelled: 5,
  returned: 6,
  "return-refused": 7,
} as const;
const status = z.literal([
  "placed",
  "awaiting-approval",
  "approved",
  "not-approved",
  "reserved",
  "paid",
  "confirmed",
  "cancelled",
  "returned",
  "return-refused",
]);
type Status = z.output<typeof status>;

/** The fields of OrderPlaced are missing if another event arrived first. Such a row is in no list. */
const row = z.object({
  orderId: z.string(),
  status,
  customerId: z.string().optional(),
  customerName: z.string().optional(),
  /** When the order was recorded. */
  placedAt: z.string().optional(),
  orderedAt: z.string().optional(),
  total: amount.optional(),
  lines: z.array(orderLine).optional(),
  shipment: z.literal(["arranged", "cancelled"]).optional(),
  /** Why the order was cancelled or returned, or why the return was refused. */
  reason: z.string().optional(),
});

type Row = z.output<typeof row>;
type OfOrder = RecordedEvent<{ readonly type: string; readonly data: { readonly orderId: string } }>;

const furthest = (one: Status, other: Status): Status => (ranks[other] > ranks[one] ? other : one);

const sees = <Event extends OfOrder>(change: (event: Event) => Partial<Row>) => ({
  key: "orderId" as const,
  evolve: (before: Row | undefined, event: Event): Row => {
    const { status: seen = "placed", ...fields } = change(event);
    return {
      orderId: event.data.orderId,
      ...before,
      ...fields,
      status: furthest(before?.status ?? "placed", seen),
    };
  },
});

export const orderSummary: Projection<typeof row, typeof order | typeof payment | typeof shipment> = {
  name: "order-summary",
  row,
  sources: [order, payment, shipment],
  on: {
    OrderPlaced: sees(({ data: { customer, orderedAt, total, lines }, metadata }) => ({
      customerId: customer.id,
      customerName: customer.name,
      placedAt: metadata.recordedAt,
      ...(orderedAt !== undefined && { orderedAt }),
      total,
      lines,
    })),
    ApprovalRequested: sees(() => ({ status: "awaiting-approval" })),
    OrderApproved: sees(() => ({ status: "approved" })),
    OrderRefused: sees(() => ({ status: "not-approved" })),
    ApprovalLapsed: sees(() => ({ status: "not-approved" })),
    OrderConfirmed: sees(() => ({ status: "confirmed" })),
    OrderCancelled: sees(({ data: { reason } }) => ({ status: "cancelled", reason })),
    OrderReturned: sees(({ data: { reason } }) => ({ status: "returned", reason })),
    ReturnClosed: sees(({ data: { refused } }) =>
      refused === undefined ? {} : { status: "return-refused", reason: refused },
    ),
    // Payment is requested once every line is reserved.
    PaymentRequested: sees(() => ({ status: "reserved" })),
    PaymentAuthorized: sees(() => ({ status: "paid" })),
    ShipmentArranged: sees(() => ({ shipment: "arranged" })),
    ShipmentCancelled: sees(() => ({ shipment: "cancelled" })),
  },
  indexes: {
    newest: { newestFirst: "placedAt" },
    byCustomer: { by: "customerId", newestFirst: "placedAt" },
    byStatus: { by: "status", newestFirst: "placedAt" },
  },
};
