/** Orders of several customers. They are placed, cancelled, confirmed or returned. */
import type { StoredEvent } from "../../../../../lib/model/message.ts";
import type { Commit } from "../../../../../lib/ports/event-store.ts";
import { placeable, total } from "../../../domain/orders.ts";
import { now } from "../../door.ts";
import { secretOf } from "./callers.ts";

const placed = (orderId: string, id: string): StoredEvent => {
  const customer = { id, name: secretOf(id), email: `${secretOf(id)}@example.com` };
  return { type: "OrderPlaced", data: { ...placeable, orderId, customer, total } };
};

const cancelled = (orderId: string): StoredEvent => ({
  type: "OrderCancelled",
  data: { orderId, reason: "out of stock" },
});

const confirmed = (orderId: string, id: string): StoredEvent => {
  const customer = { name: secretOf(id), email: `${secretOf(id)}@example.com` };
  return { type: "OrderConfirmed", data: { orderId, customer, total } };
};

const returned = (orderId: string): StoredEvent => ({
  type: "OrderReturned",
  data: { orderId, reason: "too small", lines: [] },
});

/** The events of each order. The last order has no customer, so it has no owner. */
export const orders: Readonly<Record<string, readonly [StoredEvent, ...StoredEvent[]]>> = {
  "order-1": [placed("order-1", "ada")],
  "order-2": [placed("order-2", "ada"), cancelled("order-2")],
  "order-3": [placed("order-3", "ada"), confirmed("order-3", "ada")],
  "order-4": [placed("order-4", "bob")],
  "order-5": [placed("order-5", "bob"), confirmed("order-5", "bob")],
  "order-6": [placed("order-6", "bob"), confirmed("order-6", "bob"), returned("order-6")],
  "order-7": [cancelled("order-7")],
};

export const commitOf = (orderId: string, events: Commit["events"]): Commit => ({
  streamId: `order-${orderId}`,
  version: 1,
  id: `seed/${orderId}`,
  at: now.toISOString(),
  events,
  metadata: { causationId: "seed", correlationId: "seed", issuedAt: now.toISOString() },
});
