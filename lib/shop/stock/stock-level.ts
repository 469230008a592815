/** The stock of an article. */
import * as z from "zod";
import type { Projection } from "../../model/projection.ts";
import { inventory } from "./inventory.ts";

/** `available` is what was received and is neither reserved nor taken. Returned stock counts as no longer taken. */
const row = z.object({
  sku: z.string(),
  received: z.int(),
  reserved: z.int(),
  taken: z.int(),
  available: z.int(),
});

type Row = z.output<typeof row>;
type OfArticle = { readonly data: { readonly sku: string; readonly quantity: number } };
type Change = { readonly received?: 1; readonly reserved?: 1 | -1; readonly taken?: 1 | -1 };

/** The sign with which the event's quantity changes each count. */
const moves = (change: Change) => ({
  key: "sku" as const,
  evolve: (before: Row | undefined, { data: { sku, quantity } }: OfArticle): Row => {
    const received = (before?.received ?? 0) + (change.received ?? 0) * quantity;
    const reserved = (before?.reserved ?? 0) + (change.reserved ?? 0) * quantity;
    const taken = (before?.taken ?? 0) + (change.taken ?? 0) * quantity;
    return { sku, received, reserved, taken, available: received - reserved - taken };
  },
});

export const stockLevel: Projection<typeof row, typeof inventory> = {
  name: "stock-level",
  row,
  sources: [inventory],
  on: {
    StockReceived: moves({ received: 1 }),
    StockReserved: moves({ reserved: 1 }),
    StockReleased: moves({ reserved: -1 }),
    StockTaken: moves({ reserved: -1, taken: 1 }),
    StockReturned: moves({ taken: -1 }),
  },
  indexes: { all: {} },
};
