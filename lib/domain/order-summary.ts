/** What a customer and a clerk see of an order. */
import * as z from "zod";
import type { Projection } from "../model/projection.ts";
import { line } from "./fields.ts";
import { order } from "./order.ts";
import { payment } from "./payment.ts";

/** In the order of their rank: the highest that was seen counts, so it does not matter which is seen first. */
const statuses = ["placed", "reserved", "paid", "confirmed", "cancelled"] as const;

/** All but the id and the status come with the order, which may be seen after its payment. */
const row = z.object({
  orderId: z.string(),
  status: z.enum(statuses),
  customerId: z.string().optional(),
  customerName: z.string().optional(),
  orderedAt: z.string().optional(),
  placedAt: z.string().optional(),
  total: z.int().optional(),
  lines: z.array(line).optional(),
  reason: z.string().optional(),
});

type Row = z.output<typeof row>;
type Status = Row["status"];

const highest = (one: Status, other: Status): Status =>
  statuses.indexOf(one) > statuses.indexOf(other) ? one : other;

const reaches = <Event extends { readonly data: { readonly orderId: string } }>(
  status: Status,
  fieldsOf: (event: Event) => Partial<Row> = () => ({}),
) => ({
  key: "orderId" as const,
  evolve: (before: Row | undefined, event: Event): Row => ({
    ...before,
    ...fieldsOf(event),
    orderId: event.data.orderId,
    status: highest(before?.status ?? status, status),
  }),
});

export const orderSummary: Projection<typeof row, typeof order | typeof payment> = {
  name: "order-summary",
  row,
  sources: [order, payment],
  on: {
    OrderPlaced: reaches("placed", ({ data: { customer, orderedAt, total, lines }, metadata }) => ({
      customerId: customer.id,
      customerName: customer.name,
      orderedAt,
      placedAt: metadata.recordedAt,
      total,
      lines,
    })),
    // Payment is requested once every line is reserved.
    PaymentRequested: reaches("reserved"),
    PaymentAuthorized: reaches("paid"),
    OrderConfirmed: reaches("confirmed"),
    OrderCancelled: reaches("cancelled", ({ data: { reason } }) => ({ reason })),
  },
  indexes: {
    newest: { newestFirst: "placedAt" },
    byCustomer: { by: "customerId", newestFirst: "placedAt" },
    byStatus: { by: "status", newestFirst: "placedAt" },
  },
};
