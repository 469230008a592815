/** A rule with a rate as the trigger of a Lambda function. */
import * as z from "zod";

/** The time for which the rule was due, ISO 8601, UTC, in whole seconds. */
const schema = z.object({ time: z.iso.datetime() });

/** Gives the handler the time for which it was due. Its answer is the function's answer. */
export const scheduledHandler =
  <Answer>(handle: (due: Date) => Promise<Answer>) =>
  (event: unknown): Promise<Answer> =>
    handle(new Date(schema.parse(event).time));
