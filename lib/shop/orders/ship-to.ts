/** The address that parcels are sent to. */
import * as z from "zod";
import { text } from "../values/text.ts";

export const shipTo = z.object({
  street: text(200).meta({ examples: ["12 St James's Square"] }),
  city: text(100).meta({ examples: ["London"] }),
  /** Null in countries without postal codes. */
  postalCode: text(20)
    .meta({ examples: ["SW1Y 4JH"] })
    .nullable(),
  country: text(100).meta({ examples: ["UK"] }),
});
