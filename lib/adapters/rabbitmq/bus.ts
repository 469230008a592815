/**
 * RabbitMQ as the bus. Each event is published to the topic exchange of the application. It counts as published
 * once the broker confirms that every queue that wants it has stored it. The events of a stream are sent one after
 * the other. If one is not accepted, the later ones are not sent, so that every queue has them in order. An event
 * that is refused is left out, and the later ones are sent. If the broker can never accept a message, it closes the
 * channel with all messages in flight and does not say which message is the cause. In that case each event is sent
 * alone. An event that no queue wants also counts as published, because a bus does not need subscribers. It is
 * logged once per routing key, because a queue may have been deleted.
 */
import type { Connection, ReturnedMessage } from "rabbitmq-client";
import type { RecordedEvent } from "../../model/message.ts";
import { type Bus, failed, type PublishOutcome, published, refused } from "../../ports/bus.ts";
import type { Log } from "../../ports/log.ts";
import { amqpKindOf, isChannelLost, isNack } from "./errors.ts";
import { within } from "./handler/within.ts";
import { type Message, toMessage } from "./message.ts";
import { furtherKeys, routingKey } from "./routing-key.ts";
import { type QueueSubscription, topology } from "./topology.ts";

/** The source of the events, and the queues to declare. */
export type RabbitMqBusSettings = {
  /** The name of the application and of its exchange. */
  readonly source: string;
  /** The queues of these subscriptions are declared before the first event is published. */
  readonly subscriptions: readonly QueueSubscription[];
};

/** A larger message would exceed the 6 MB of a Lambda request, in base64. */
const bodyBytesMax = 4 * 1024 * 1024;
/** Headers must fit into one frame, with room for the headers that the broker adds. */
const headerBytesMax = 64 * 1024;
const keyBytesMax = 255;
const confirmMilliseconds = 10_000;

/**
 * The reason if RabbitMQ never accepts the message. Sending it would close the channel and lose all messages in
 * flight.
 */
const impossible = (key: string, { headers, body }: Message): string | undefined => {
  if (Buffer.byteLength(key) > keyBytesMax) return `the routing key has more than ${keyBytesMax} bytes`;
  const texts = Object.values(headers).map(String);
  if (!texts.every((text) => text.isWellFormed())) return "a header is not well-formed text";
  const headerBytes = Buffer.byteLength(texts.join());
  if (headerBytes > headerBytesMax) return `the headers have more than ${headerBytesMax} bytes`;
  return body.length > bodyBytesMax ? `the data has more than ${bodyBytesMax} bytes` : undefined;
};

type Outgoing = { readonly index: number; readonly event: RecordedEvent };

/** The events of each stream, in order. */
const byStream = (events: readonly RecordedEvent[]): readonly (readonly Outgoing[])[] => {
  const streams = new Map<string, Outgoing[]>();
  for (const [index, event] of events.entries()) {
    const { streamId } = event.metadata;
    streams.set(streamId, [...(streams.get(streamId) ?? []), { index, event }]);
  }
  return [...streams.values()];
};

/** The bus on RabbitMQ. */
export const rabbitMqBus = (
  connection: Pick<Connection, "createPublisher">,
  { source, subscriptions }: RabbitMqBusSettings,
  { log }: { readonly log: Log },
): Bus => {
  const publisher = connection.createPublisher({ confirm: true, ...topology(source, subscriptions) });
  const unwanted = new Set<string>();
  publisher.on("basic.return", ({ routingKey: key = "" }: ReturnedMessage) => {
    if (unwanted.has(key)) return;
    unwanted.add(key);
    log.write({ kind: "problem", message: `no queue of ${source} subscribes to ${key}` });
  });

  const send = async (event: RecordedEvent): Promise<PublishOutcome> => {
    const key = routingKey(event);
    const message = toMessage(event, source);
    const refusal = impossible(key, message);
    if (refusal !== undefined) return refused(refusal);
    const { contentType, body } = message;
    const headers = { ...message.headers, BCC: [...furtherKeys(event)] };
    const envelope = { exchange: source, routingKey: key, contentType, headers, durable: true };
    try {
      await publisher.send({ ...envelope, mandatory: true }, body);
      return published;
    } catch (error) {
      if (isNack(error)) return failed(`${error}`);
      throw error;
    }
  };

  /** No other message is in flight, so a refusal is caused by this event. */
  const sendAlone = async (event: RecordedEvent): Promise<PublishOutcome> => {
    try {
      return await send(event);
    } catch (error) {
      if (amqpKindOf(error) === "permanent") return refused(`${error}`);
      throw error;
    }
  };

  /** Sends the events of one stream. */
  const sendAll = async (all: readonly Outgoing[], sendOne = send) => {
    const outcomes: { readonly index: number; readonly outcome: PublishOutcome }[] = [];
    let stopped: string | undefined;
    for (const { index, event } of all) {
      const outcome =
        stopped === undefined ? await sendOne(event) : failed(`not sent: ${stopped} before it failed`);
      if (outcome.kind === "failed") stopped ??= event.metadata.id;
      outcomes.push({ index, outcome });
    }
    return outcomes;
  };

  const sideBySide = async (streams: readonly (readonly Outgoing[])[]) => {
    const settled = await Promise.allSettled(streams.map((all) => sendAll(all)));
    const lost = settled.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    if (lost.length > 0) throw lost.find((reason) => !isChannelLost(reason)) ?? lost[0];
    return settled.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
  };

  /**
   * Events that were accepted before the channel was lost are sent again. Subscribers recognise an event by its id.
   */
  const oneByOne = async (streams: readonly (readonly Outgoing[])[]) => {
    const outcomes = [];
    for (const all of streams) outcomes.push(...(await sendAll(all, sendAlone)));
    return outcomes;
  };

  const confirmed = <Result>(sent: Promise<Result>) => within(confirmMilliseconds, "no confirmation", sent);

  return {
    publish: async (events) => {
      const streams = byStream(events);
      const sent = confirmed(sideBySide(streams)).catch((error: unknown) => {
        if (!isChannelLost(error)) throw error;
        return confirmed(oneByOne(streams));
      });
      return (await sent).sort((one, other) => one.index - other.index).map(({ outcome }) => outcome);
    },
  };
};
