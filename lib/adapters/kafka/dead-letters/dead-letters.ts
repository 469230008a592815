/**
 * Keeps what a consumer group cannot handle in a topic of the group's own: as it was, and why. A letter that a broker
 * never takes would hold up its partition for ever, so it is kept without its value and headers. It says so, and
 * where the record is.
 */
import { becauseName } from "../../../model/delivery/dead-because.ts";
import { refusalOf } from "../errors.ts";
import { type KafkaRecord, placeOf } from "../handler/record.ts";
import type { IdempotentProducer } from "../producer.ts";
import { deadLettersOf } from "../topics.ts";

export type DeadLetter = {
  readonly record: KafkaRecord;
  readonly because: string;
  readonly attempts: number;
};

export type DeadLetters = {
  /** Resolves once it is kept. Throws if it could not be stored. */
  readonly keep: (letter: DeadLetter) => Promise<void>;
};

/** Several of the same name are a list of values, as the client wants them. */
const headersOf = ({ headers }: KafkaRecord): Readonly<Record<string, Buffer[]>> => {
  const all: Record<string, Buffer[]> = {};
  for (const [name, value] of headers) all[name] = [...(all[name] ?? []), Buffer.from(value)];
  return all;
};

/** More of it is in the log. */
const becauseMax = 2000;

const toMessage = ({ record, because, attempts }: DeadLetter) => ({
  key: record.key ? Buffer.from(record.key) : null,
  value: record.value ? Buffer.from(record.value) : null,
  headers: {
    ...headersOf(record),
    "dead-letter-from": placeOf(record),
    [becauseName]: because.slice(0, becauseMax),
    "dead-letter-attempts": String(attempts),
  },
});

const withoutContent = (letter: DeadLetter, refusal: string): DeadLetter => ({
  ...letter,
  record: { ...letter.record, value: undefined, headers: [] },
  because: `(Kafka refuses its content, which is left out: ${refusal}) ${letter.because}`,
});

export const kafkaDeadLetters = (producer: Pick<IdempotentProducer, "send">, group: string): DeadLetters => {
  const send = async (letter: DeadLetter) => {
    const refusal = await refusalOf(() => producer.send(deadLettersOf(group), [toMessage(letter)]));
    if (refusal?.kind === "transient") throw new Error(`${deadLettersOf(group)}: ${refusal.because}`);
    return refusal;
  };

  return {
    keep: async (letter) => {
      const refusal = await send(letter);
      const left = refusal && (await send(withoutContent(letter, refusal.because)));
      if (left) throw new Error(`${deadLettersOf(group)}: ${left.because}`);
    },
  };
};
