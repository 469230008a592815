/** Handles records completely. Records that are given up become dead letters. */
import { type EventFilter, wants, wantsForeign } from "../../../model/delivery/interest.ts";
import type { Delivery, ForeignDelivery, HandleToTheEnd } from "../../../ports/delivery.ts";
import type { Log } from "../../../ports/log.ts";
import { foreignEventOf, recordedEventOf } from "../cloud-event.ts";
import type { KafkaDeadLetter, KafkaDeadLetterStore } from "../dead-letters/dead-letters.ts";
import { type KafkaRecord, placeOf } from "./record.ts";

type DeliverPorts = {
  readonly interest: EventFilter;
  readonly deadLetters: KafkaDeadLetterStore;
  readonly log: Log;
};

/** Undefined if the record is not wanted. Throws, with the reason, if it is unreadable. */
type Read<Each> = (record: KafkaRecord) => Each | undefined;

const ofOurs = (interest: EventFilter): Read<Delivery> => {
  const isWanted = wants(interest);
  return (record) => {
    const event = recordedEventOf(record);
    return isWanted(event) ? { id: placeOf(record), receiveCount: 1, kind: "event", event } : undefined;
  };
};

/** The publisher sets the same key on events that belong together. */
const ofOthers = (interest: EventFilter): Read<ForeignDelivery> => {
  const isWanted = wantsForeign(interest);
  return (record) => {
    const event = foreignEventOf(record);
    if (!isWanted(event)) return undefined;
    const sequence = record.key && Buffer.from(record.key).toString("base64");
    return { id: placeOf(record), receiveCount: 1, event, sequence };
  };
};

const delivering = <Each>(
  read: Read<Each>,
  handle: HandleToTheEnd<Each>,
  { deadLetters, log }: Omit<DeliverPorts, "interest">,
) => {
  const keep = async (deadLetter: KafkaDeadLetter) => {
    await deadLetters.keep(deadLetter);
    log.count("DeliveryFailing");
    log.write({
      kind: "problem",
      message: `${placeOf(deadLetter.record)} is a dead letter: ${deadLetter.because}`,
    });
  };

  return async (records: readonly KafkaRecord[]): Promise<void> => {
    const byPlace = new Map(records.map((record) => [placeOf(record), record] as const));
    const messages = records.map((record) => ({ id: placeOf(record), read: () => read(record) }));
    await handle(messages, async ({ id, because, attempts }) => {
      const record = byPlace.get(id);
      if (record) await keep({ record, because, attempts });
    });
  };
};

/** Resolves once each record is handled or is a dead letter. If it throws, all records must be redelivered. */
export const deliverer = (handle: HandleToTheEnd, { interest, ...ports }: DeliverPorts) =>
  delivering(ofOurs(interest), handle, ports);

/** The same for events of another system. */
export const foreignDeliverer = (
  handle: HandleToTheEnd<ForeignDelivery>,
  { interest, ...ports }: DeliverPorts,
) => delivering(ofOthers(interest), handle, ports);
