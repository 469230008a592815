/** Money in minor units: cents. A safe integer, so that nothing is ever rounded. */
import * as z from "zod";

export const amount = z
  .int()
  .nonnegative()
  .meta({ examples: [150] });
