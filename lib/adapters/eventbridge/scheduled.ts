/** A Lambda function that is triggered by a rule with a rate. */
import * as z from "zod";

/** The time for which the rule was due, ISO 8601, UTC, in whole seconds. */
const schema = z.object({ time: z.iso.datetime() });

/** Calls the handler with the time for which the rule was due, and returns its answer. */
export const scheduledHandler =
  <Answer>(handle: (due: Date) => Promise<Answer>) =>
  (event: unknown): Promise<Answer> =>
    handle(new Date(schema.parse(event).time));
