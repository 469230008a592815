/** A message as Kafka stores it, whether a poller of Lambda or our own consumer has read it. */
import type { KafkaMessage } from "kafkajs";

/** A record of a topic. */
export type KafkaRecord = {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: Uint8Array | undefined;
  /** Undefined for a tombstone. */
  readonly value: Uint8Array | undefined;
  /** In order. A name may occur more than once. */
  readonly headers: readonly (readonly [name: string, value: Uint8Array])[];
};

/** Identifies the record in the whole cluster. */
export const placeOf = ({ topic, partition, offset }: KafkaRecord): string =>
  `${topic}-${partition}@${offset}`;

const headersOf = ({ headers = {} }: KafkaMessage): KafkaRecord["headers"] =>
  Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): [string, Uint8Array] => [name, Buffer.from(each)]),
  );

/** A record from a message that our own consumer has read. */
export const recordOf = (topic: string, partition: number, message: KafkaMessage): KafkaRecord => ({
  topic,
  partition,
  offset: message.offset,
  key: message.key ?? undefined,
  value: message.value ?? undefined,
  headers: headersOf(message),
});
