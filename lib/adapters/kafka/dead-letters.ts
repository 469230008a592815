/** Keeps what a consumer group cannot handle in a topic of the group's own: as it was, and why. */

import type { IdempotentProducer } from "./producer.ts";
import { type KafkaRecord, placeOf } from "./record.ts";
import { deadLettersOf } from "./topics.ts";

export type DeadLetter = {
  readonly record: KafkaRecord;
  readonly because: string;
  readonly attempts: number;
};

export type DeadLetters = {
  /** Resolves once all are kept, in their order. */
  readonly keep: (letters: readonly DeadLetter[]) => Promise<void>;
};

/** Says why a record is dead. */
export const becauseHeader = "dead-letter-because";

/** Several of the same name are a list of values, as the client wants them. */
const headersOf = ({ headers }: KafkaRecord): Readonly<Record<string, Buffer[]>> => {
  const all: Record<string, Buffer[]> = {};
  for (const [name, value] of headers) all[name] = [...(all[name] ?? []), Buffer.from(value)];
  return all;
};

const toMessage = ({ record, because, attempts }: DeadLetter) => ({
  key: record.key ? Buffer.from(record.key) : null,
  value: record.value ? Buffer.from(record.value) : null,
  headers: {
    ...headersOf(record),
    "dead-letter-from": placeOf(record),
    [becauseHeader]: because,
    "dead-letter-attempts": String(attempts),
  },
});

export const kafkaDeadLetters = (producer: IdempotentProducer, group: string): DeadLetters => ({
  keep: async (letters) => {
    for (const letter of letters) await producer.send(deadLettersOf(group), [toMessage(letter)]);
  },
});
