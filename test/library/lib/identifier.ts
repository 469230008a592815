/** The ids of books, members and loans. Paths and stream ids contain them. */
import * as z from "zod";

const identifier = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 characters of A-Z, a-z, 0-9, _ and -");

/** The documents show the examples. */
export const bookId = identifier.meta({ examples: ["emma"] });
export const memberId = identifier.meta({ examples: ["ada"] });
export const loanId = identifier.meta({ examples: ["loan-1"] });
