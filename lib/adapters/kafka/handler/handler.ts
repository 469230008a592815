/**
 * A subscription as a Lambda function behind an event-source mapping of Kafka, Amazon's or one's own. Such a mapping
 * without pollers that are paid for by the hour knows no partial failure and no dead letters: an error brings the
 * whole batch again, so it is answered only where nothing else can be done.
 */
import * as z from "zod";
import type { KafkaRecord } from "./record.ts";

const base64 = z
  .string()
  .nullish()
  .transform((text) => (typeof text === "string" ? new Uint8Array(Buffer.from(text, "base64")) : undefined));

/** The bytes are Java's, from -128 to 127, or from 0 to 255. Kafka allows a header without a value. */
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

/** Throws on anything that is no batch of a mapping of Kafka. */
const recordsOf = (event: unknown): readonly KafkaRecord[] =>
  Object.values(schema.parse(event).records)
    .flat()
    .map((record) => ({ ...record, headers: record.headers.flatMap((each) => Object.entries(each)) }));

export const kafkaHandler =
  (deliver: (records: readonly KafkaRecord[]) => Promise<void>) =>
  async (event: unknown): Promise<void> =>
    deliver(recordsOf(event));
