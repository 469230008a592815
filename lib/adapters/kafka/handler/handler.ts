/**
 * A subscription as a Lambda function behind an event source mapping of Kafka, whether Amazon MSK or self-managed.
 * Without provisioned pollers, which cost money per hour, such a mapping has no partial failures and no dead
 * letters: an error redelivers the whole batch. So the function throws only as a last resort.
 */
import * as z from "zod";
import type { KafkaRecord } from "./record.ts";

const base64 = z
  .string()
  .nullish()
  .transform((text) => (typeof text === "string" ? new Uint8Array(Buffer.from(text, "base64")) : undefined));

/** The bytes are signed, as in Java (-128 to 127), or unsigned (0 to 255). Kafka allows a header without a value. */
const header = z.record(
  z.string(),
  z
    .array(z.int())
    .nullable()
    .transform((bytes) => Uint8Array.from(bytes ?? [])),
);

const record = z.object({
  topic: z.string(),
  partition: z.int(),
  offset: z.int().transform(String),
  key: base64,
  value: base64,
  headers: z.array(header).default([]),
});

/** Records by topic and partition. */
const schema = z.object({ records: z.record(z.string(), z.array(record)) });

/** Throws if the event is not a batch of a Kafka mapping. */
const recordsOf = (event: unknown): readonly KafkaRecord[] =>
  Object.values(schema.parse(event).records)
    .flat()
    .map((record) => ({ ...record, headers: record.headers.flatMap((each) => Object.entries(each)) }));

/** The Lambda function of a subscription. */
export const kafkaHandler =
  (deliver: (records: readonly KafkaRecord[]) => Promise<void>) =>
  async (event: unknown): Promise<void> =>
    deliver(recordsOf(event));
