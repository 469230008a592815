/** Fields that several messages of the shop share. */
import * as z from "zod";

/** Ids stand in paths and stream ids. */
const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "1 to 64 letters, digits, - or _");

export const orderId = id;
export const sku = id;
export const customerId = id;

export const quantity = z.int().positive();

/** Money in minor units: cents. */
export const amount = z.int().nonnegative();

/** One line of text for people. */
export const text = z
  .string()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u, "no control characters");

export const line = z.object({ sku, quantity, unitPrice: amount });

export type Line = z.output<typeof line>;

export const totalOf = (lines: readonly Line[]): number =>
  lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);

/** An article has one line with its whole quantity, and the total is a number that nothing rounds. */
export const lines = z
  .array(line)
  .min(1)
  .max(100)
  .superRefine((all, { addIssue }) => {
    for (const [index, { sku }] of all.entries())
      if (all.findIndex((each) => each.sku === sku) < index)
        addIssue({ code: "custom", path: [index, "sku"], message: `${sku} has a line already` });
    if (!Number.isSafeInteger(totalOf(all)))
      addIssue({ code: "custom", path: [], message: "the total is too large" });
  });

export const address = z.object({
  street: text,
  city: text,
  postalCode: text.nullable(),
  country: text,
});
