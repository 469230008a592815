/**
 * RabbitMQ as the bus. Each event is published to the topic exchange of the application and counts as published once
 * the broker confirms that every queue that wants it has stored it. The events of a stream go out one after the
 * other, and after one that was not taken the later ones do not go out, so that every queue has them in order. An
 * event that no queue wants is published, too: a bus does not need listeners. It is said once per kind of event, for
 * it may as well be a queue that somebody deleted.
 */
import { AMQPError, type Connection, type ReturnedMessage } from "rabbitmq-client";
import type { RecordedEvent } from "../../model/message.ts";
import type { Bus, PublishOutcome } from "../../ports/bus.ts";
import type { Log } from "../../ports/log.ts";
import { type Message, toMessage } from "./message.ts";
import { furtherKeys, routingKey } from "./routing-key.ts";
import { type Subscription, topology } from "./topology.ts";
import { within } from "./within.ts";

export type RabbitMqBusSettings = {
  /** Names the application: its exchange is called so. */
  readonly source: string;
  /** Their queues are declared before the first event is published. */
  readonly subscriptions: readonly Subscription[];
};

/** With more, a Lambda function could not be given it: 6 MB, in Base64. */
const bodyBytesMax = 4 * 1024 * 1024;
/** They have to fit into one frame, with room for what the broker adds. */
const headerBytesMax = 64 * 1024;
const keyBytesMax = 255;
const confirmMilliseconds = 10_000;

const published: PublishOutcome = { kind: "published" };
const failed = (because: string): PublishOutcome => ({ kind: "failed", because });

/** Why RabbitMQ never takes it: offering it would end the channel, and with it what else is under way. */
const impossible = (key: string, { headers, body }: Message): string | undefined => {
  if (Buffer.byteLength(key) > keyBytesMax) return `a routing key of more than ${keyBytesMax} bytes`;
  const texts = Object.values(headers).map(String);
  if (!texts.every((text) => text.isWellFormed())) return "a header that UTF-8 cannot write";
  const headerBytes = Buffer.byteLength(texts.join());
  if (headerBytes > headerBytesMax) return `headers of more than ${headerBytesMax} bytes`;
  return body.length > bodyBytesMax ? `data of more than ${bodyBytesMax} bytes` : undefined;
};

type Outgoing = { readonly index: number; readonly event: RecordedEvent };

/** Of each stream what it has, in its order. */
const byStream = (events: readonly RecordedEvent[]): readonly (readonly Outgoing[])[] => {
  const streams = new Map<string, Outgoing[]>();
  for (const [index, event] of events.entries()) {
    const { streamId } = event.metadata;
    streams.set(streamId, [...(streams.get(streamId) ?? []), { index, event }]);
  }
  return [...streams.values()];
};

const isRefusal = (error: unknown): boolean => error instanceof AMQPError && error.code === "NACK";

export const rabbitMqBus = (
  connection: Connection,
  { source, subscriptions }: RabbitMqBusSettings,
  { log }: { readonly log: Log },
): Bus => {
  const publisher = connection.createPublisher({ confirm: true, ...topology(source, subscriptions) });
  const unwanted = new Set<string>();
  publisher.on("basic.return", ({ routingKey: key = "" }: ReturnedMessage) => {
    if (unwanted.has(key)) return;
    unwanted.add(key);
    log.write({ kind: "problem", message: `no queue of ${source} wants ${key}` });
  });

  const send = async (event: RecordedEvent): Promise<PublishOutcome> => {
    const key = routingKey(event);
    const message = toMessage(event, source);
    const refusal = impossible(key, message);
    if (refusal !== undefined) return failed(refusal);
    const { contentType, body } = message;
    const headers = { ...message.headers, BCC: [...furtherKeys(event)] };
    const envelope = { exchange: source, routingKey: key, contentType, headers, durable: true };
    try {
      await publisher.send({ ...envelope, mandatory: true }, body);
      return published;
    } catch (error) {
      if (isRefusal(error)) return failed(`${error}`);
      throw error;
    }
  };

  /** The events of one stream. */
  const sendAll = async (all: readonly Outgoing[]) => {
    const outcomes: { readonly index: number; readonly outcome: PublishOutcome }[] = [];
    let refused: string | undefined;
    for (const { index, event } of all) {
      const outcome = refused === undefined ? await send(event) : failed(`it comes after ${refused}`);
      if (outcome.kind === "failed") refused ??= event.metadata.id;
      outcomes.push({ index, outcome });
    }
    return outcomes;
  };

  return {
    publish: async (events) => {
      const sent = Promise.all(byStream(events).map(sendAll));
      const outcomes = (await within(confirmMilliseconds, "no confirmation", sent)).flat();
      return outcomes.sort((one, other) => one.index - other.index).map(({ outcome }) => outcome);
    },
  };
};
