/**
 * An event of another system: what any CloudEvent 1.0.2 says of itself. `source` and `id` together name it for good;
 * its data are whatever the other system means by them.
 */
import * as z from "zod";
import { wording } from "../json/wording.ts";
import { membersOf } from "./event-format.ts";
import { rfc3339Time } from "./rfc3339.ts";

/** What the specification disallows in any text: control characters, noncharacters, half a surrogate pair. */
const disallowed = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u;

const name = z
  .string()
  .min(1)
  .max(1024)
  .refine((text) => !disallowed.test(text), "has a character that CloudEvents disallow")
  // Two names that differ in lost bytes only would be one name.
  .refine((text) => !text.includes("\ufffd"), "has U+FFFD, which replaces bytes that are not UTF-8");

/** Others may fill extensions with anything. One that we do not understand counts as absent. */
const extension = z.string().min(1).optional().catch(undefined);

const time = z.string().transform((text, context) => {
  const valid = rfc3339Time(text);
  if (valid !== undefined) return valid;
  context.addIssue("is not a time of RFC 3339");
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

export type ForeignEvent = {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** When it happened, by the clock of the other system. */
  readonly time?: string;
  readonly correlationId?: string;
  readonly traceparent?: string;
  /** JSON; bytes if the content type is another. */
  readonly data: unknown;
};

const members = (value: unknown): unknown => {
  try {
    return membersOf(value);
  } catch (error) {
    throw new Error(`no CloudEvent: ${error instanceof Error ? error.message : error}`);
  }
};

/** Throws, saying what is wrong and where, on a value that is not a CloudEvent in the JSON format. */
export const toForeignEvent = (value: unknown): ForeignEvent => {
  const parsed = cloudEvent.safeParse(members(value), wording);
  if (!parsed.success) throw new Error(`no CloudEvent: ${z.prettifyError(parsed.error)}`);
  const { id, source, type, time, correlationid: correlationId, traceparent, data } = parsed.data;
  return { id, source, type, time, correlationId, traceparent, data };
};
