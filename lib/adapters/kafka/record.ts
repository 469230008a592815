/** A message as Kafka keeps it, whoever has read it: a poller of Lambda or a consumer of our own. */

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
