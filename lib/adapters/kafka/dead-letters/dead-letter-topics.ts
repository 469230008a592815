/**
 * The dead letters of consumer groups, for operators. A separate group records in its offsets how far a dead-letter
 * topic has been redriven. Committing a record also commits all records before it. So records that are kept while
 * later ones are redriven are first written again at the end of the topic.
 *
 * Many consumers read a topic of events, so a redriven record is not published there. Its handler gets it through
 * its own queue, in the form of an event from EventBridge.
 */
import type { Kafka } from "kafkajs";
import { becauseName } from "../../../model/delivery/dead-because.ts";
import type { DeadLetter, DeadLetters } from "../../../ports/dead-letters.ts";
import { type AnyCloudEvent, cloudEventOf, foreignEventOf, recordedEventOf } from "../cloud-event.ts";
import { giveEach } from "../handler/give-each.ts";
import { type KafkaRecord, recordOf } from "../handler/record.ts";
import type { IdempotentProducer } from "../producer.ts";
import { deadLettersOf } from "../topics.ts";
import { type Stored, withBacklog } from "./backlog.ts";

type DeadLetterTopicOptions = {
  /** The name of the application. Group names begin with it. */
  readonly source: string;
  /** Whether this handler is a translator, which takes the events of another system. */
  readonly isTranslator: (handler: string) => boolean;
};

type DeadLetterTopicPorts = {
  readonly kafka: Pick<Kafka, "admin" | "consumer">;
  readonly producer: Pick<IdempotentProducer, "send">;
  /** Sends a message to the queue of this handler. Throws `PermanentError` if the queue never accepts it. */
  readonly send: (handler: string, body: string) => Promise<void>;
};

/** Limited by the memory and the timeout of one function. */
const redriveMax = 5000;

const textOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

/** Undefined if the record does not contain a CloudEvent. */
const cloudEventIn = (record: KafkaRecord): AnyCloudEvent | undefined => {
  try {
    return cloudEventOf(record);
  } catch {
    return undefined;
  }
};

/** The event in the form in which EventBridge delivers it. If the record is not a CloudEvent, its whole content. */
const payloadOf = (record: KafkaRecord, at: string): string => {
  const detail = cloudEventIn(record);
  if (detail) {
    const { id, source, type, time = at } = detail;
    return JSON.stringify({ id, source, "detail-type": type, time, detail });
  }
  const headers = record.headers.map(([name, value]) => [name, textOf(value)]);
  return JSON.stringify({ key: textOf(record.key), value: textOf(record.value), headers });
};

const eventIn = (record: KafkaRecord, isForeign: boolean): Pick<DeadLetter, "event" | "foreign"> => {
  try {
    return isForeign ? { foreign: foreignEventOf(record) } : { event: recordedEventOf(record) };
  } catch {
    return {};
  }
};

const toDeadLetter = (record: KafkaRecord, at: string, isForeign: boolean): DeadLetter => {
  const because = record.headers.find(([name]) => name === becauseName)?.[1];
  return {
    payload: payloadOf(record, at),
    at,
    ...eventIn(record, isForeign),
    ...(because && { because: textOf(because) }),
  };
};

/** For each partition, the offset after the last redriven record. */
const offsetsBehind = (redriven: readonly Stored[]): ReadonlyMap<number, bigint> => {
  const offsets = new Map<number, bigint>();
  for (const { partition, message } of redriven) {
    const behind = BigInt(message.offset) + 1n;
    if (behind > (offsets.get(partition) ?? 0n)) offsets.set(partition, behind);
  }
  return offsets;
};

/** The dead letters in the topics of the handlers. */
export const kafkaDeadLetterTopics = (
  { kafka, producer, send }: DeadLetterTopicPorts,
  { source, isTranslator }: DeadLetterTopicOptions,
): DeadLetters => {
  const backlogOf = (handler: string, countMax: number) => {
    const topic = deadLettersOf(`${source}.${handler}`);
    const deadLetterOf = ({ partition, message }: Stored) => {
      const at = new Date(Number(message.timestamp)).toISOString();
      return toDeadLetter(recordOf(topic, partition, message), at, isTranslator(handler));
    };
    return { options: { kafka, topic, group: topic, countMax }, deadLetterOf };
  };

  return {
    list: (handler, countMax) => {
      const { options, deadLetterOf } = backlogOf(handler, countMax);
      return withBacklog(options, async ({ stored }) => stored.map(deadLetterOf));
    },
    redrive: (handler, choose) => {
      const { options, deadLetterOf } = backlogOf(handler, redriveMax);
      return withBacklog(options, async ({ stored, more, commit }) => {
        const byDeadLetter = new Map(stored.map((each) => [deadLetterOf(each), each] as const));
        const chosen = choose([...byDeadLetter.keys()]);
        const sent = await giveEach(chosen, (payload) => send(handler, payload));
        const redriven = new Set(sent.flatMap((deadLetter) => byDeadLetter.get(deadLetter) ?? []));
        const offsets = offsetsBehind([...redriven]);
        const staying = stored.filter(
          (each) => !redriven.has(each) && BigInt(each.message.offset) < (offsets.get(each.partition) ?? 0n),
        );
        for (const { partition, message } of staying)
          await producer.send(options.topic, [{ ...message, partition }]);
        if (offsets.size > 0) await commit(offsets);
        return { count: sent.length, more };
      });
    },
  };
};
