/**
 * RabbitMQ as the bus. Each event is published to the topic exchange of the application and counts as published once
 * the broker confirms that every queue that wants it has stored it. The events of a stream go out one after the
 * other, and after one that was not taken the later ones do not go out, so that every queue has them in order. One that
 * is refused is left out, and the later ones go. If the broker can never take a message it closes the channel,
 * with all that is under way, and does not say which message is the cause: then each event goes alone. An event that no
 * queue wants is published, too, because a bus does not need listeners. It is logged once per kind of event, for it may
 * as well be a queue that was deleted.
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

export type RabbitMqBusSettings = {
  /** Names the application: its exchange is called so. */
  readonly source: string;
  /** Their queues are declared before the first event is published. */
  readonly subscriptions: readonly QueueSubscription[];
};

/** With more, a Lambda function could not be given it: 6 MB, in Base64. */
const bodyBytesMax = 4 * 1024 * 1024;
/** They have to fit into one frame, with room for what the broker adds. */
const headerBytesMax = 64 * 1024;
const keyBytesMax = 255;
const confirmMilliseconds = 10_000;

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
    log.write({ kind: "problem", message: `no queue of ${source} wants ${key}` });
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

  /** Nothing else is under way, so a refusal is about this event. */
  const sendAlone = async (event: RecordedEvent): Promise<PublishOutcome> => {
    try {
      return await send(event);
    } catch (error) {
      if (amqpKindOf(error) === "permanent") return refused(`${error}`);
      throw error;
    }
  };

  /** The events of one stream. */
  const sendAll = async (all: readonly Outgoing[], sendOne = send) => {
    const outcomes: { readonly index: number; readonly outcome: PublishOutcome }[] = [];
    let stopped: string | undefined;
    for (const { index, event } of all) {
      const outcome = stopped === undefined ? await sendOne(event) : failed(`it comes after ${stopped}`);
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

  /** Events that were taken before the channel was lost are sent again: subscribers know an event by its id. */
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
