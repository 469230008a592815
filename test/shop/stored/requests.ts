/** The requests to the recorded shops, which tests repeat. The recordings contain exactly these. */
import { orderOf } from "../e2e/client.ts";

export const line = (sku: string, quantity = 1, unitPrice = 10) => [{ sku, quantity, unitPrice }];

/** In the order in which they were placed. The key of each is `place-ID`. */
export const orders = {
  confirmed: orderOf("confirmed", line("nut", 2)),
  declined: orderOf("declined", line("nut"), "pm_card_chargeDeclined"),
  returned: orderOf("returned", line("nut")),
  approval: orderOf("approval", line("fig", 10, 100_000)),
  paying: orderOf("paying", line("fig"), "pm_card_timeout"),
  parked: orderOf("parked", line("grape", 100), "pm_card_timeout"),
};

export const keyOf = (id: string) => ({ "idempotency-key": `place-${id}` });

/** Articles with a receipt of 100 pieces. The key of each receipt is `SKU-100`. */
export const receipts = ["nut", "fig", "grape"];

/** An event of the warehouse. */
export const delivered = (id: string, data: unknown) => ({
  specversion: "1.0",
  id,
  source: "warehouse",
  type: "StockDelivered",
  time: "2026-11-29T12:00:00Z",
  datacontenttype: "application/json",
  data,
});
