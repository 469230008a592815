/**
 * Where a subscription puts what it cannot take: the message as it came, and why. It is there once `keep` resolves;
 * before that the message itself must not be acknowledged.
 */
import { setImmediate } from "node:timers/promises";
import type { Connection, ReturnedMessage } from "rabbitmq-client";
import type { Message } from "./message.ts";
import { deadLettersOf, deadLetterTopology } from "./topology.ts";
import { within } from "./within.ts";

export type DeadLetters = {
  /** `queue` is the one that it came from. Throws where it could not be stored. */
  readonly keep: (queue: string, message: Message, because: string) => Promise<void>;
};

/** Says why a message is dead. */
export const becauseHeader = "dead-letter-because";

const confirmMilliseconds = 10_000;
/** Reasons may be long stack traces; headers have to fit into one frame. */
const becauseMax = 2000;

/** Declares the queue of the dead letters with the first of them. */
const sender = (connection: Connection, source: string, queue: string) => {
  const publisher = connection.createPublisher({ confirm: true, ...deadLetterTopology(source, queue) });
  const returned = new Set<string>();
  let sent = 0;
  publisher.on("basic.return", ({ messageId = "" }: ReturnedMessage) => returned.add(messageId));

  return async ({ contentType, headers, body }: Message, because: string): Promise<void> => {
    sent += 1;
    const messageId = String(sent);
    const envelope = {
      exchange: deadLettersOf(source),
      routingKey: queue,
      mandatory: true,
      durable: true,
      messageId,
      contentType,
      headers: { ...headers, [becauseHeader]: because.slice(0, becauseMax) },
    };
    await within(confirmMilliseconds, "no confirmation", publisher.send(envelope, body));
    // The client tells of a return after it has told of the confirmation.
    await setImmediate();
    if (returned.delete(messageId)) throw new Error(`${deadLettersOf(queue)} is gone`);
  };
};

export const rabbitMqDeadLetters = (connection: Connection, source: string): DeadLetters => {
  const senders = new Map<string, ReturnType<typeof sender>>();
  const senderOf = (queue: string) => {
    const send = senders.get(queue) ?? sender(connection, source, queue);
    senders.set(queue, send);
    return send;
  };
  return { keep: (queue, message, because) => senderOf(queue)(message, because) };
};
