/**
 * The dead letters of subscriptions, for operators. Messages are received from the dead-letter queue without an
 * acknowledgement. Messages that are only listed are returned to it, in about the same order. A redriven message is
 * removed once the queue of its subscription has stored it, unchanged, behind the waiting messages. If the process
 * crashes in between, all messages that are not acknowledged return to the dead-letter queue.
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

/** Limited by the memory and the timeout of one function. */
const redriveMax = 5000;
const confirmMilliseconds = 10_000;

/** Headers that we or the broker have added to a dead letter. The original message did not have them. */
const isOfDeath = (header: string): boolean =>
  header === becauseName || /^x-(death|first-death-|last-death-|delivery-count|acquired-count)/.test(header);

/** The header that the broker adds to a message that it has made a dead letter itself. */
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

/** The CloudEvent in the message, or its text if it does not contain one. */
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

/** One by one, because messages that a channel still holds when it closes are returned in any order. */
const putBack = (channel: Channel, messages: Iterable<SyncMessage>): void => {
  for (const { deliveryTag } of messages) channel.basicNack({ deliveryTag, requeue: true });
};

/** Returns a function that sends a message to the queue and resolves once the queue has stored it. */
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
    // The client reports a return after it has reported the confirmation.
    await setImmediate();
    if (isReturned) throw new Error(`${queue} does not exist`);
  };
};

type DeadLetterQueueOptions = {
  /** The name of the application. Queue names begin with it. */
  readonly source: string;
  /** Whether this handler is a translator, which takes the events of another system. */
  readonly isTranslator: (handler: string) => boolean;
};

/** The dead letters in the queues of the handlers. */
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
