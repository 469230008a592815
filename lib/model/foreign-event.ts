/**
 * An event of another system: what any CloudEvent 1.0 says of itself. `source` and `id` together name it for good; its
 * data are whatever the other system means by them.
 */
import * as z from "zod";

/** Half a surrogate pair is no text: no name could be made of it. */
const name = z
  .string()
  .min(1)
  .max(1024)
  .refine((text) => text.isWellFormed(), "is no text of Unicode");

/** Extensions that others may fill with anything: what we do not understand is not there. */
const extension = z.string().min(1).optional().catch(undefined);

const cloudEvent = z.object({
  specversion: z.literal("1.0"),
  id: name,
  source: name,
  type: name,
  time: z.iso.datetime({ offset: true }).optional(),
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
  readonly data: unknown;
};

/** Throws, saying what is wrong and where, on anything that is no CloudEvent with data in JSON. */
export const toForeignEvent = (value: unknown): ForeignEvent => {
  const parsed = cloudEvent.safeParse(value);
  if (!parsed.success) throw new Error(`no CloudEvent: ${z.prettifyError(parsed.error)}`);
  const { id, source, type, time, correlationid: correlationId, traceparent, data } = parsed.data;
  return { id, source, type, time, correlationId, traceparent, data };
};
