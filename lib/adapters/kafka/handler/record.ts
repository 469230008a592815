/** A message as Kafka keeps it, whoever has read it: a poller of Lambda or a consumer of our own. */
import type { KafkaMessage } from "kafkajs";

export type KafkaRecord = {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: Uint8Array | undefined;
  /** None of a tombstone. */
  readonly value: Uint8Array | undefined;
  /** In their order; a name may stand there more than once. */
  readonly headers: readonly (readonly [name: string, value: Uint8Array])[];
};

/** Names it in the whole of Kafka. */
export const placeOf = ({ topic, partition, offset }: KafkaRecord): string =>
  `${topic}-${partition}@${offset}`;

const headersOf = ({ headers = {} }: KafkaMessage): KafkaRecord["headers"] =>
  Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): [string, Uint8Array] => [name, Buffer.from(each)]),
  );

/** One that a consumer of our own has read. */
export const recordOf = (topic: string, partition: number, message: KafkaMessage): KafkaRecord => ({
  topic,
  partition,
  offset: message.offset,
  key: message.key ?? undefined,
  value: message.value ?? undefined,
  headers: headersOf(message),
});
