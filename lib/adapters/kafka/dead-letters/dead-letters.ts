/**
 * Stores the records that a consumer group cannot handle in a topic of that group, unchanged and with the reason. A
 * dead letter that the broker never accepts would block its partition forever. It is stored without value and
 * headers instead, with the place of the original record.
 */
import { becauseName } from "../../../model/delivery/dead-because.ts";
import { refusalOf } from "../errors.ts";
import { type KafkaRecord, placeOf } from "../handler/record.ts";
import type { IdempotentProducer } from "../producer.ts";
import { deadLettersOf } from "../topics.ts";

/** A record that a consumer group could not handle, with the reason. */
export type KafkaDeadLetter = {
  readonly record: KafkaRecord;
  readonly because: string;
  readonly attempts: number;
};

/** Stores dead letters. */
export type KafkaDeadLetterStore = {
  /** Resolves once the dead letter is stored. Throws if it cannot be stored. */
  readonly keep: (deadLetter: KafkaDeadLetter) => Promise<void>;
};

/** Headers with the same name become a list of values, as the client requires. */
const headersOf = ({ headers }: KafkaRecord): Readonly<Record<string, Buffer[]>> => {
  const all: Record<string, Buffer[]> = {};
  for (const [name, value] of headers) all[name] = [...(all[name] ?? []), Buffer.from(value)];
  return all;
};

/** The log has the full text. */
const becauseMax = 2000;

const toMessage = ({ record, because, attempts }: KafkaDeadLetter) => ({
  key: record.key ? Buffer.from(record.key) : null,
  value: record.value ? Buffer.from(record.value) : null,
  headers: {
    ...headersOf(record),
    "dead-letter-from": placeOf(record),
    [becauseName]: because.slice(0, becauseMax),
    "dead-letter-attempts": String(attempts),
  },
});

const withoutContent = (deadLetter: KafkaDeadLetter, refusal: string): KafkaDeadLetter => ({
  ...deadLetter,
  record: { ...deadLetter.record, value: undefined, headers: [] },
  because: `(content left out because Kafka refuses it: ${refusal}) ${deadLetter.because}`,
});

/** Stores the dead letters of a consumer group in its topic. */
export const kafkaDeadLetters = (
  producer: Pick<IdempotentProducer, "send">,
  group: string,
): KafkaDeadLetterStore => {
  const send = async (deadLetter: KafkaDeadLetter) => {
    const refusal = await refusalOf(() => producer.send(deadLettersOf(group), [toMessage(deadLetter)]));
    if (refusal?.kind === "transient") throw new Error(`${deadLettersOf(group)}: ${refusal.because}`);
    return refusal;
  };

  return {
    keep: async (deadLetter) => {
      const refusal = await send(deadLetter);
      const left = refusal && (await send(withoutContent(deadLetter, refusal.because)));
      if (left) throw new Error(`${deadLettersOf(group)}: ${left.because}`);
    },
  };
};
