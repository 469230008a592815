/** Money in minor units, such as cents. A safe integer, so that nothing is rounded. */
import * as z from "zod";

export const amount = z
  .int()
  .nonnegative()
  .meta({ examples: [150] });
