/**
 * Records as deliveries. Kafka gives a batch again as a whole or not at all, so what fails is tried again here, and
 * what keeps failing becomes a dead letter: one record that nobody can handle stops no other.
 */
import { wants } from "../../model/interest.ts";
import { fromFailuresOn, usualAttempts, waitMilliseconds } from "../../model/patience.ts";
import type { Random, Sleep } from "../../ports/clock.ts";
import type { Delivery, ForeignDelivery, Handle, Intake } from "../../ports/delivery.ts";
import type { Log } from "../../ports/log.ts";
import { foreignEventOf, recordedEventOf } from "./cloud-event.ts";
import type { DeadLetter, DeadLetters } from "./dead-letters.ts";
import { type Interest, wantsForeign } from "./interest.ts";
import { type KafkaRecord, placeOf } from "./record.ts";

export type DeliverPorts = {
  readonly interest: Interest;
  readonly deadLetters: DeadLetters;
  /** How often an event is tried before it is a dead letter; as usual, unless said. */
  readonly attempts?: number;
  readonly sleep: Sleep;
  readonly random: Random;
  readonly log: Log;
};

/** A record that is wanted, and the stream of others that it must not overtake. */
type Readable<Each> = {
  readonly record: KafkaRecord;
  readonly stream: string;
  readonly toDelivery: (receiveCount: number) => Each;
};

/** Nothing of a record that is not wanted. Throws, saying what is wrong, on one that nobody can read. */
type Read<Each> = (record: KafkaRecord) => Readable<Each> | undefined;

const ofOurs = (interest: Interest): Read<Delivery> => {
  const isWanted = wants(interest);
  return (record) => {
    const event = recordedEventOf(record);
    if (!isWanted(event)) return undefined;
    const { streamId: stream } = event.metadata;
    const id = placeOf(record);
    return { record, stream, toDelivery: (receiveCount) => ({ id, receiveCount, kind: "event", event }) };
  };
};

/** Whoever publishes them says by their keys which belong together. */
const ofOthers = (interest: Interest, check: Intake["check"]): Read<ForeignDelivery> => {
  const isWanted = wantsForeign(interest);
  return (record) => {
    const event = foreignEventOf(record);
    if (!isWanted(event)) return undefined;
    check(event);
    const id = placeOf(record);
    const stream = record.key ? Buffer.from(record.key).toString("base64") : id;
    return { record, stream, toDelivery: (receiveCount) => ({ id, receiveCount, event }) };
  };
};

const delivering = <Each>(
  read: Read<Each>,
  handle: Handle<Each>,
  { deadLetters, attempts = usualAttempts, sleep, random, log }: Omit<DeliverPorts, "interest">,
) => {
  const readAll = (records: readonly KafkaRecord[]) => {
    const wanted: Readable<Each>[] = [];
    const letters: DeadLetter[] = [];
    for (const record of records) {
      try {
        const readable = read(record);
        if (readable) wanted.push(readable);
      } catch (error) {
        letters.push({ record, because: `unreadable: ${error}`, attempts: 0 });
      }
    }
    return { wanted, letters };
  };

  /** Answers those that failed each time. */
  const attempt = async (
    records: readonly Readable<Each>[],
    count = 1,
  ): Promise<readonly Readable<Each>[]> => {
    if (records.length === 0) return [];
    const again = new Set(await handle(records.map(({ toDelivery }) => toDelivery(count))));
    const failed = records.filter(({ record }) => again.has(placeOf(record)));
    if (failed.length === 0 || count === attempts) return failed;
    await sleep(waitMilliseconds(count, random()));
    return attempt(
      fromFailuresOn(records, (each) => failed.includes(each)),
      count + 1,
    );
  };

  const tell = ({ record, because }: DeadLetter) => {
    log.count("DeliveryFailing");
    log.write({ kind: "problem", message: `${placeOf(record)} is a dead letter: ${because}` });
  };

  return async (records: readonly KafkaRecord[]): Promise<void> => {
    const { wanted, letters } = readAll(records);
    const failed = await attempt(wanted);
    const because = `failed ${attempts} times`;
    const all = [...letters, ...failed.map(({ record }) => ({ record, because, attempts }))];
    await deadLetters.keep(all);
    all.forEach(tell);
  };
};

/** Resolves once each record is handled or a dead letter; where it throws, all of them have to come again. */
export const deliverer = ({ handle, interest, ...ports }: DeliverPorts & { readonly handle: Handle }) =>
  delivering(ofOurs(interest), handle, ports);

/** The same for events of another system. */
export const foreignDeliverer = ({
  intake,
  interest,
  ...ports
}: DeliverPorts & { readonly intake: Intake }) =>
  delivering(ofOthers(interest, intake.check), intake.handle, ports);
