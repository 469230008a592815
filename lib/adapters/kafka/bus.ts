/**
 * Kafka as the bus. A stream is a key, so its events are in one partition in their order: after one that was not taken,
 * the later ones of its stream in the same call are not sent either. An event that is refused is left out, and the
 * later ones go. If a broker refuses a request permanently, it does not say which message is the cause: then each goes alone.
 * A message may be there twice.
 */
import type { RecordedEvent } from "../../model/message.ts";
import { type Bus, failed, type PublishOutcome, published, refused } from "../../ports/bus.ts";
import { type EventMessage, toMessage } from "./cloud-event.ts";
import { refusalOf } from "./errors.ts";
import type { IdempotentProducer } from "./producer.ts";
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

export const kafkaBus = (producer: IdempotentProducer, { source }: KafkaBusSettings): Bus => {
  const outgoingOf = (event: RecordedEvent, index: number): Outgoing => {
    const message = toMessage(event, source);
    const topic = topicOfStream(source, event.metadata.streamId);
    return { index, topic, message, bytes: bytesOf(message) };
  };

  const send = (topic: string, batch: readonly Outgoing[]) => {
    const messages = batch.map(({ message }) => message);
    return refusalOf(() => producer.send(topic, messages));
  };

  /** The messages of one batch. After one that failed, the others would overtake it. */
  const sendBatch = async (topic: string, batch: readonly Outgoing[]): Promise<PublishOutcome[]> => {
    const refusal = await send(topic, batch);
    if (refusal?.kind === "permanent" && batch.length > 1)
      return sendAll(
        topic,
        batch.map((one) => [one]),
      );
    if (!refusal) return batch.map(() => published);
    const outcome = refusal.kind === "permanent" ? refused(refusal.because) : failed(refusal.because);
    return batch.map(() => outcome);
  };

  /** The batches of one topic. */
  const sendAll = async (
    topic: string,
    batches: readonly (readonly Outgoing[])[],
  ): Promise<PublishOutcome[]> => {
    const outcomes: PublishOutcome[] = [];
    let failure: PublishOutcome | undefined;
    for (const batch of batches) {
      const sent = failure ?? (await sendBatch(topic, batch));
      const all = Array.isArray(sent) ? sent : batch.map(() => sent);
      failure ??= all.find(({ kind }) => kind === "failed");
      outcomes.push(...all);
    }
    return outcomes;
  };

  return {
    publish: async (events) => {
      const all = events.map(outgoingOf);
      const outcomes = all.map((outgoing): PublishOutcome => {
        const because = impossible(outgoing);
        return because === undefined ? failed("no answer") : refused(because);
      });
      const sendable = all.filter(({ index }) => outcomes[index]?.kind !== "refused");
      for (const [topic, ofTopic] of byTopic(sendable)) {
        const sent = await sendAll(topic, batchesOf(ofTopic));
        ofTopic.forEach(({ index }, place) => {
          outcomes[index] = sent[place] ?? failed("no answer");
        });
      }
      return outcomes;
    },
  };
};
