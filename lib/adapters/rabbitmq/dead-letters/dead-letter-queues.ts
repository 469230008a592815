/**
 * The dead letters of subscriptions, for operators. They are taken from their queue and not acknowledged: what is only
 * looked at goes back, in about the same order, and what is redriven leaves once the queue of its subscription has it
 * again, as it was, behind what waits there. Of whoever dies in between, all that has not left goes back.
 */
import { setImmediate } from "node:timers/promises";
import type { Channel, Connection, SyncMessage } from "rabbitmq-client";
import * as z from "zod";
import { becauseName } from "../../../model/delivery/dead-because.ts";
import { fromCloudEvent } from "../../../model/events/cloud-event.ts";
import { toForeignEvent } from "../../../model/events/foreign-event.ts";
import type { DeadLetter, DeadLetters } from "../../../ports/dead-letters.ts";
import { declare } from "../declare.ts";
import { messageOf } from "../handler/received.ts";
import { within } from "../handler/within.ts";
import { cloudEventIn } from "../message.ts";
import { deadLettersOf, deadLetterTopology, queueOf } from "../topology.ts";

/** What fits into the memory and the time of one function. */
const redriveMax = 5000;
const confirmMilliseconds = 10_000;

/** What tells of a death, by us or by the broker: the message did not come with it. */
const isOfDeath = (header: string): boolean =>
  header === becauseName || /^x-(death|first-death-|last-death-|delivery-count|acquired-count)/.test(header);

/** The broker's own words for a message that it has made a dead letter itself. */
const diedHeaders = z.object({ "x-death": z.tuple([z.object({ reason: z.string() })]).rest(z.unknown()) });

const becauseOf = ({ headers }: SyncMessage): string | undefined => {
  const because: unknown = headers?.[becauseName];
  if (typeof because === "string") return because;
  const reason = diedHeaders.safeParse(headers).data?.["x-death"][0].reason;
  return reason === undefined ? undefined : `undelivered: ${reason}`;
};

const eventIn = (cloudEvent: unknown, isForeign: boolean): Pick<DeadLetter, "event" | "foreign"> => {
  try {
    return isForeign ? { foreign: toForeignEvent(cloudEvent) } : { event: fromCloudEvent(cloudEvent) };
  } catch {
    return {};
  }
};

/** The CloudEvent in it; of a message that holds none, its text. */
const contentOf = (message: SyncMessage, isForeign: boolean): Omit<DeadLetter, "at" | "because"> => {
  const received = messageOf(message);
  try {
    const cloudEvent = z.looseObject({ specversion: z.string() }).parse(cloudEventIn(received));
    return { payload: JSON.stringify(cloudEvent), ...eventIn(cloudEvent, isForeign) };
  } catch {
    return { payload: received.body.toString() };
  }
};

const toDeadLetter = (message: SyncMessage, isForeign: boolean): DeadLetter => {
  const because = becauseOf(message);
  return {
    ...contentOf(message, isForeign),
    at: new Date((message.timestamp ?? 0) * 1000).toISOString(),
    ...(because !== undefined && { because }),
  };
};

const take = async (channel: Channel, queue: string, countMax: number): Promise<readonly SyncMessage[]> => {
  const taken: SyncMessage[] = [];
  while (taken.length < countMax) {
    const message = await channel.basicGet({ queue });
    if (!message) break;
    taken.push(message);
  }
  return taken;
};

/** One by one, for whatever a channel still holds when it closes goes back in any order. */
const putBack = (channel: Channel, messages: Iterable<SyncMessage>): void => {
  for (const { deliveryTag } of messages) channel.basicNack({ deliveryTag, requeue: true });
};

/** Gives messages to a queue one after the other; each is there once that is resolved. */
const giver = async (channel: Channel, queue: string) => {
  await channel.confirmSelect();
  let isReturned = false;
  channel.on("basic.return", () => {
    isReturned = true;
  });
  return async (message: SyncMessage): Promise<void> => {
    const { contentType, headers, body } = messageOf(message);
    const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !isOfDeath(name)));
    const envelope = { exchange: "", routingKey: queue, mandatory: true, durable: true };
    const sent = channel.basicPublish({ ...envelope, contentType, headers: kept }, body);
    await within(confirmMilliseconds, "no confirmation", sent);
    // The client tells of a return after it has told of the confirmation.
    await setImmediate();
    if (isReturned) throw new Error(`${queue} is gone`);
  };
};

type DeadLetterQueueOptions = {
  /** Names the application: queues begin with it. */
  readonly source: string;
  /** Whether this handler takes the events of another system. */
  readonly isTranslator: (handler: string) => boolean;
};

export const rabbitMqDeadLetterQueues = (
  connection: Connection,
  { source, isTranslator }: DeadLetterQueueOptions,
): DeadLetters => {
  const withChannel = async <Result>(
    handler: string,
    work: (channel: Channel, queue: string) => Promise<Result>,
  ): Promise<Result> => {
    const queue = queueOf(source, handler);
    await declare(connection, deadLetterTopology(source, queue));
    const channel = await connection.acquire();
    try {
      return await work(channel, queue);
    } finally {
      await channel.close();
    }
  };

  return {
    list: (handler, countMax) =>
      withChannel(handler, async (channel, queue) => {
        const taken = await take(channel, deadLettersOf(queue), countMax);
        putBack(channel, taken);
        return taken.map((message) => toDeadLetter(message, isTranslator(handler)));
      }),
    redrive: (handler, choose) =>
      withChannel(handler, async (channel, queue) => {
        const taken = await take(channel, deadLettersOf(queue), redriveMax);
        const held = new Map(
          taken.map((message) => [toDeadLetter(message, isTranslator(handler)), message] as const),
        );
        const chosen = choose([...held.keys()]);
        const give = await giver(channel, queue);
        try {
          for (const deadLetter of chosen) {
            const message = held.get(deadLetter);
            if (!message) continue;
            await give(message);
            channel.basicAck({ deliveryTag: message.deliveryTag });
            held.delete(deadLetter);
          }
        } finally {
          putBack(channel, held.values());
        }
        return { count: taken.length - held.size, more: taken.length === redriveMax };
      }),
  };
};
