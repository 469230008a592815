/** The ids of orders, articles and customers. Paths, stream ids and names of executions contain them unchanged. */
import * as z from "zod";

export const identifier = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 characters of A-Z, a-z, 0-9, _ and -");

/** The documents show the examples. */
export const orderId = identifier.meta({ examples: ["10248"] });
export const sku = identifier.meta({ examples: ["pear"] });
