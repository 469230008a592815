/** The lines of an order: each article once, with its whole quantity. */
import * as z from "zod";
import { amount } from "../values/amount.ts";
import { sku } from "../values/identifier.ts";

export const orderLine = z.object({
  sku,
  quantity: z.int().positive(),
  unitPrice: amount,
});

type OrderLine = z.output<typeof orderLine>;

export const totalOf = (lines: readonly OrderLine[]): number =>
  lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);

/**
 * The lines that a client may order. Both rules are independent of any state, so a violation is bad input and not a
 * rejection. The problem points at an article that a line repeats. A total that would be rounded is not a valid
 * price.
 */
export const orderLines = z
  .array(orderLine)
  .min(1)
  .max(100)
  .refine((lines) => Number.isSafeInteger(totalOf(lines)), "must have a total that is a safe integer")
  .superRefine((lines, context) => {
    const seen = new Set<string>();
    for (const [index, { sku }] of lines.entries()) {
      if (seen.has(sku))
        context.addIssue({ code: "custom", path: [index, "sku"], message: "must not repeat an article" });
      seen.add(sku);
    }
  })
  .meta({ description: "Each article once, with its whole quantity. The total is a safe integer" });
