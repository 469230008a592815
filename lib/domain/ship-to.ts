/** Where parcels go to. */
import * as z from "zod";
import { text } from "./text.ts";

export const shipTo = z.object({
  street: text(200),
  city: text(100),
  /** Some countries have none. */
  postalCode: text(20).nullable(),
  country: text(100),
});
