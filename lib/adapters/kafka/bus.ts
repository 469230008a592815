/**
 * Kafka as the bus. The stream is the key, so the events of a stream are in one partition, in order. If an event
 * was not accepted, the later events of its stream in the same call are not sent either. An event that is refused
 * is left out, and the later ones are sent. If a broker refuses a request permanently, it does not say which
 * message is the cause. In that case each message is sent alone. A message may be published twice.
 */
import type { RecordedEvent } from "../../model/message.ts";
import { type Bus, failed, type PublishOutcome, published, refused } from "../../ports/bus.ts";
import { type EventMessage, toMessage } from "./cloud-event.ts";
import { refusalOf } from "./errors.ts";
import type { IdempotentProducer } from "./producer.ts";
import { topicOfStream } from "./topics.ts";

/** The source of the events. */
export type KafkaBusSettings = {
  /** The name of the application. Topic names begin with it. */
  readonly source: string;
};

/** Before compression. By default, a broker accepts 1 MiB for all messages of a request to one partition. */
const bytesMax = 1_000_000;
/** The maximum overhead of the message format besides its texts. */
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

/** The reason if Kafka never accepts this message. */
const impossible = ({ bytes, message }: Outgoing): string | undefined => {
  if (bytes > bytesMax) return `the message has more than ${bytesMax} bytes`;
  const mangled = [message.key, ...Object.values(message.headers)].some((text) => !text.isWellFormed());
  return mangled ? "a header is not well-formed text" : undefined;
};

/** Keeps the order and fills each batch up to the limit. */
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

/** The bus on Kafka. */
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

  /** Sends the messages of one batch. If one fails, the others must not overtake it. */
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

  /** Sends the batches of one topic. */
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
