/**
 * Kafka as the bus. A stream is a key, so its events stand in one partition in their order: after one that was not
 * taken, the later ones of its stream in the same call are not sent either. A message may stand there twice.
 */
import type { RecordedEvent } from "../../model/message.ts";
import type { Bus, PublishOutcome } from "../../ports/bus.ts";
import { type EventMessage, toMessage } from "./cloud-event.ts";
import type { IdempotentProducer } from "./producer.ts";
import { refusalOf } from "./refusal.ts";
import { topicOfStream } from "./topics.ts";

export type KafkaBusSettings = {
  /** Names the application: topics begin with it. */
  readonly source: string;
};

/** Before compression. A broker takes 1 MiB for all messages of a request to one partition, unless told otherwise. */
const bytesMax = 1_000_000;
/** What the format of a message takes at most besides its texts. */
const frameBytes = 40;

type Outgoing = {
  readonly index: number;
  readonly topic: string;
  readonly message: EventMessage;
  readonly bytes: number;
};

const bytesOf = ({ key, value, headers }: EventMessage): number =>
  [key, value, ...Object.entries(headers).flat()].reduce(
    (bytes, text) => bytes + Buffer.byteLength(text) + 5,
    frameBytes,
  );

/** Why Kafka never takes this one, whatever comes before it. */
const impossible = ({ bytes, message }: Outgoing): string | undefined => {
  if (bytes > bytesMax) return `a message of more than ${bytesMax} bytes`;
  const mangled = [message.key, ...Object.values(message.headers)].some((text) => !text.isWellFormed());
  return mangled ? "a header that UTF-8 cannot write" : undefined;
};

/** In their order, each batch as full as the limit allows. */
const batchesOf = (all: readonly Outgoing[]): readonly (readonly Outgoing[])[] => {
  const batches: Outgoing[][] = [];
  let bytes = 0;
  for (const outgoing of all) {
    const last = batches.at(-1);
    const fits = last !== undefined && bytes + outgoing.bytes <= bytesMax;
    if (fits) last.push(outgoing);
    else batches.push([outgoing]);
    bytes = fits ? bytes + outgoing.bytes : outgoing.bytes;
  }
  return batches;
};

const byTopic = (all: readonly Outgoing[]): ReadonlyMap<string, readonly Outgoing[]> => {
  const topics = new Map<string, Outgoing[]>();
  for (const outgoing of all) topics.set(outgoing.topic, [...(topics.get(outgoing.topic) ?? []), outgoing]);
  return topics;
};

const published: PublishOutcome = { kind: "published" };
const failed = (because: string): PublishOutcome => ({ kind: "failed", because });

export const kafkaBus = (producer: IdempotentProducer, { source }: KafkaBusSettings): Bus => {
  const outgoingOf = (event: RecordedEvent, index: number): Outgoing => {
    const message = toMessage(event, source);
    const topic = topicOfStream(source, event.metadata.streamId);
    return { index, topic, message, bytes: bytesOf(message) };
  };

  /** The batches of one topic; after one that was refused, the others would overtake it. */
  const sendAll = async (topic: string, all: readonly Outgoing[]): Promise<PublishOutcome[]> => {
    const outcomes: PublishOutcome[] = [];
    let refusal: string | undefined;
    for (const batch of batchesOf(all)) {
      refusal ??= await refusalOf(() =>
        producer.send(
          topic,
          batch.map(({ message }) => message),
        ),
      );
      const outcome = refusal === undefined ? published : failed(refusal);
      outcomes.push(...batch.map(() => outcome));
    }
    return outcomes;
  };

  return {
    publish: async (events) => {
      const all = events.map(outgoingOf);
      const outcomes: PublishOutcome[] = events.map(() => failed("an event before it was not taken"));
      const stopped = new Set<string>();
      const sendable = all.filter((outgoing) => {
        const because = impossible(outgoing);
        if (stopped.has(outgoing.message.key)) return false;
        if (because === undefined) return true;
        stopped.add(outgoing.message.key);
        outcomes[outgoing.index] = failed(because);
        return false;
      });
      for (const [topic, ofTopic] of byTopic(sendable)) {
        const sent = await sendAll(topic, ofTopic);
        ofTopic.forEach(({ index }, place) => {
          outcomes[index] = sent[place] ?? failed("no answer");
        });
      }
      return outcomes;
    },
  };
};
