/**
 * Records as deliveries. Kafka gives a batch again as a whole or not at all, so what fails is tried again here, and
 * what keeps failing becomes a dead letter: one record that nobody can handle stops no other.
 */
import type { RecordedEvent } from "../../model/message.ts";
import type { Random, Sleep } from "../../ports/clock.ts";
import type { Delivery, Handle } from "../../ports/delivery.ts";
import type { Log } from "../../ports/log.ts";
import { recordedEventOf } from "./cloud-event.ts";
import type { DeadLetter, DeadLetters } from "./dead-letters.ts";
import { type Interest, wants } from "./interest.ts";
import { type KafkaRecord, placeOf } from "./record.ts";

export type DeliverPorts = {
  readonly interest: Interest;
  readonly handle: Handle;
  readonly deadLetters: DeadLetters;
  readonly sleep: Sleep;
  readonly random: Random;
  readonly log: Log;
};

/**
 * With the pauses between them one to two minutes: longer than the lease of an effect whose performer has died,
 * shorter than a function may run.
 */
const attemptsMax = 8;
const pauseMilliseconds = 1000;

type Readable = {
  readonly record: KafkaRecord;
  readonly event: RecordedEvent;
  readonly toDelivery: (receiveCount: number) => Delivery;
};

const read = (record: KafkaRecord): Readable => {
  const event = recordedEventOf(record);
  const id = placeOf(record);
  return { record, event, toDelivery: (receiveCount) => ({ id, receiveCount, kind: "event", event }) };
};

/** Those that failed, and what follows them in their streams: it comes again behind them. */
const fromFailuresOn = (all: readonly Readable[], failed: readonly Readable[]): readonly Readable[] => {
  const streams = new Set<string>();
  return all.filter((each) => {
    const { streamId } = each.event.metadata;
    if (failed.includes(each)) streams.add(streamId);
    return streams.has(streamId);
  });
};

/** Resolves once each record is handled or a dead letter; where it throws, all of them have to come again. */
export const deliverer = ({ interest, handle, deadLetters, sleep, random, log }: DeliverPorts) => {
  const isWanted = wants(interest);

  const readAll = (records: readonly KafkaRecord[]) => {
    const readable: Readable[] = [];
    const letters: DeadLetter[] = [];
    for (const record of records) {
      try {
        readable.push(read(record));
      } catch (error) {
        letters.push({ record, because: `unreadable: ${error}`, attempts: 0 });
      }
    }
    return { readable, letters };
  };

  /** Answers those that failed each time. */
  const attempt = async (records: readonly Readable[], count = 1): Promise<readonly Readable[]> => {
    if (records.length === 0) return [];
    const again = new Set(await handle(records.map(({ toDelivery }) => toDelivery(count))));
    const failed = records.filter(({ record }) => again.has(placeOf(record)));
    if (failed.length === 0 || count === attemptsMax) return failed;
    await sleep(pauseMilliseconds * 2 ** (count - 1) * (0.5 + random() / 2));
    return attempt(fromFailuresOn(records, failed), count + 1);
  };

  const tell = ({ record, because }: DeadLetter) => {
    log.count("DeliveryFailing");
    log.write({ kind: "problem", message: `${placeOf(record)} is a dead letter: ${because}` });
  };

  return async (records: readonly KafkaRecord[]): Promise<void> => {
    const { readable, letters } = readAll(records);
    const failed = await attempt(readable.filter(({ event }) => isWanted(event)));
    const because = `failed ${attemptsMax} times`;
    const all = [...letters, ...failed.map(({ record }) => ({ record, because, attempts: attemptsMax }))];
    await deadLetters.keep(all);
    all.forEach(tell);
  };
};
