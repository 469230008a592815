/**
 * An event of another system: the attributes of any CloudEvent 1.0.2. `source` and `id` together identify it
 * forever. Only the other system knows what its data mean.
 */
import * as z from "zod";
import { wording } from "../json/wording.ts";
import { membersOf } from "./event-format.ts";
import { rfc3339Time } from "./rfc3339.ts";

/**
 * The characters that the specification forbids in any string: control characters, noncharacters and unpaired
 * surrogates.
 */
const disallowed = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u;

const name = z
  .string()
  .min(1)
  .max(1024)
  .refine((text) => !disallowed.test(text), "must not have a character that CloudEvents forbid")
  // Otherwise two names that differ only in replaced bytes would be equal.
  .refine(
    (text) => !text.includes("\ufffd"),
    "must not have U+FFFD, which replaces bytes that are not UTF-8",
  );

/** Another system may put anything into extensions. An invalid one counts as absent. */
const extension = z.string().min(1).optional().catch(undefined);

const time = z.string().transform((text, context) => {
  const valid = rfc3339Time(text);
  if (valid !== undefined) return valid;
  context.addIssue("must be a time of RFC 3339, like 2026-01-31T12:00:00Z");
  return z.NEVER;
});

const cloudEvent = z.object({
  specversion: z.literal("1.0"),
  id: name,
  source: name,
  type: name,
  time: time.optional(),
  datacontenttype: z.string().min(1).optional(),
  correlationid: extension,
  traceparent: extension,
  data: z.unknown().optional(),
});

/** An event of another system, as a CloudEvent has it. */
export type ForeignEvent = {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** When it happened, according to the other system. */
  readonly time?: string;
  readonly correlationId?: string;
  readonly traceparent?: string;
  /** JSON, or bytes if the content type is another one. */
  readonly data: unknown;
};

const members = (value: unknown): unknown => {
  try {
    return membersOf(value);
  } catch (error) {
    throw new Error(`expected a CloudEvent: ${error instanceof Error ? error.message : error}`);
  }
};

/** The event in a CloudEvent in the JSON format. Throws, with what is wrong and where, on any other value. */
export const toForeignEvent = (value: unknown): ForeignEvent => {
  const parsed = cloudEvent.safeParse(members(value), wording);
  if (!parsed.success) throw new Error(`expected a CloudEvent: ${z.prettifyError(parsed.error)}`);
  const { id, source, type, time, correlationid: correlationId, traceparent, data } = parsed.data;
  return { id, source, type, time, correlationId, traceparent, data };
};
