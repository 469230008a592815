/** Posts the stock receipts of the products. */
import * as z from "zod";
import type { Instance } from "./instance.ts";

/** A line of the products file. */
export const givenProduct = z.object({ sku: z.string(), quantity: z.int().nonnegative() });

/** Products without stock get no receipt. `run` is part of the idempotency keys, so a repeated run receives once. */
export const receiveAll = async (
  shop: Instance,
  products: readonly z.output<typeof givenProduct>[],
  times: number,
  run: string,
) => {
  for (const { sku, quantity } of products) {
    if (quantity === 0) continue;
    const refused = await shop.post(`/stock/${sku}/receipts`, `replay-${run}-${sku}`, {
      quantity: quantity * times,
    });
    if (refused) throw new Error(refused);
  }
};
