/** A Kafka message as a function gets it and as the filters of a mapping see it. */
import type { KafkaMessage } from "kafkajs";
import { textOrJson } from "../text-or-json.ts";

/** The client's type lacks this property, which comes from the header of the batch that it read. */
type WithBatch = { readonly batchContext?: { readonly timestampType?: number } };
const logAppendTime = 1;

/** Bytes in Java are signed. */
const signed = (value: Buffer | string): readonly number[] => [...new Int8Array(Buffer.from(value))];

const headersOf = ({ headers = {} }: KafkaMessage) =>
  Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each) => ({ [name]: signed(each) })),
  );

export const kafkaRecord = (topic: string, partition: number, message: KafkaMessage & WithBatch) => ({
  topic,
  partition,
  offset: Number(message.offset),
  timestamp: Number(message.timestamp),
  timestampType: message.batchContext?.timestampType === logAppendTime ? "LOG_APPEND_TIME" : "CREATE_TIME",
  ...(message.key && { key: message.key.toString("base64") }),
  ...(message.value && { value: message.value.toString("base64") }),
  headers: headersOf(message),
});

export type KafkaRecord = ReturnType<typeof kafkaRecord>;

/** If the value is JSON, a filter sees the parsed value. */
export const filteredBy = ({ value, ...record }: KafkaRecord): unknown =>
  value === undefined ? record : { ...record, value: textOrJson(value) };

/** The records of one partition. `source` identifies the Kafka cluster. */
export const kafkaEvent = (source: object, records: readonly KafkaRecord[]) => ({
  ...source,
  records: { [`${records[0]?.topic}-${records[0]?.partition}`]: records },
});
