/**
 * The dead letters of subscriptions, for operators. They are taken from their queue and not acknowledged: what is only
 * looked at is back in its place when the channel closes, and what is redriven leaves once the queue of its subscription
 * has it again, as it was, behind what waits there.
 */
import { setImmediate } from "node:timers/promises";
import type { Channel, Connection, SyncMessage } from "rabbitmq-client";
import * as z from "zod";
import { fromCloudEvent } from "../../model/cloud-event.ts";
import type { DeadLetter, DeadLetters } from "../../ports/dead-letters.ts";
import { becauseHeader } from "./dead-letters.ts";
import { declare } from "./declare.ts";
import { cloudEventIn } from "./message.ts";
import { messageOf } from "./received.ts";
import { deadLettersOf, deadLetterTopology, queueOf } from "./topology.ts";
import { within } from "./within.ts";

/** What fits into the memory and the time of one function. */
const redriveMax = 5000;
const confirmMilliseconds = 10_000;

/** What tells of a death, by us or by the broker: the message did not come with it. */
const isOfDeath = (header: string): boolean =>
  header === becauseHeader ||
  /^x-(death|first-death-|last-death-|delivery-count|acquired-count)/.test(header);

/** The broker's own words for a message that it has buried itself. */
const buried = z.object({ "x-death": z.tuple([z.object({ reason: z.string() })]).rest(z.unknown()) });

const becauseOf = ({ headers }: SyncMessage): string | undefined => {
  const because: unknown = headers?.[becauseHeader];
  if (typeof because === "string") return because;
  const reason = buried.safeParse(headers).data?.["x-death"][0].reason;
  return reason === undefined ? undefined : `undelivered: ${reason}`;
};

const json = z.object({ source: z.unknown(), type: z.unknown() });

/** As EventBridge would bring it; of a message that holds no CloudEvent, its text. */
const contentOf = (message: SyncMessage): Pick<DeadLetter, "payload" | "event"> => {
  try {
    const detail = cloudEventIn(messageOf(message));
    const { source, type } = json.parse(detail);
    const payload = JSON.stringify({ source, "detail-type": type, detail });
    try {
      return { payload, event: fromCloudEvent(detail) };
    } catch {
      return { payload };
    }
  } catch {
    return { payload: messageOf(message).body.toString() };
  }
};

const toLetter = (message: SyncMessage): DeadLetter => {
  const because = becauseOf(message);
  return {
    ...contentOf(message),
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

export const rabbitMqDeadLetterQueues = (connection: Connection, source: string): DeadLetters => {
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
      withChannel(handler, async (channel, queue) =>
        (await take(channel, deadLettersOf(queue), countMax)).map(toLetter),
      ),
    redrive: (handler, choose) =>
      withChannel(handler, async (channel, queue) => {
        const taken = await take(channel, deadLettersOf(queue), redriveMax);
        const byLetter = new Map(taken.map((message) => [toLetter(message), message] as const));
        const chosen = choose([...byLetter.keys()]);
        const give = await giver(channel, queue);
        for (const letter of chosen) {
          const message = byLetter.get(letter);
          if (!message) continue;
          await give(message);
          channel.basicAck({ deliveryTag: message.deliveryTag });
        }
        return { count: chosen.length, more: taken.length === redriveMax };
      }),
  };
};
