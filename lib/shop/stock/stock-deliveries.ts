/** Deliveries that the warehouse has counted become stock. Its articles are our SKUs, and its pieces our quantity. */
import * as z from "zod";
import { sending } from "../../model/saga.ts";
import type { Translator } from "../../model/translator.ts";
import { sku } from "../values/identifier.ts";
import { receiveStock } from "./inventory.ts";

const delivered = z.object({
  article: sku,
  pieces: z
    .int()
    .positive()
    .meta({ examples: [40] }),
});

export const stockDeliveries: Translator<typeof delivered> = {
  name: "stock-deliveries",
  source: "warehouse",
  channel: "stock",
  type: "StockDelivered",
  schema: delivered,
  send: sending(receiveStock, ({ data: { article, pieces } }) => ({ sku: article, quantity: pieces })),
};
