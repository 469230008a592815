/**
 * Where a subscription puts what it cannot take: the message as it came, and why. It is there once `keep` resolves;
 * before that the message itself must not be acknowledged. A letter that the broker never takes would come again for
 * ever, so it is kept without its headers, or else without its body, too. The reason says so.
 */
import { setImmediate } from "node:timers/promises";
import type { Connection, ReturnedMessage } from "rabbitmq-client";
import { becauseName } from "../../../model/delivery/dead-because.ts";
import { amqpKindOf } from "../errors.ts";
import { within } from "../handler/within.ts";
import type { Message } from "../message.ts";
import { deadLettersOf, deadLetterTopology } from "../topology.ts";

export type DeadLetters = {
  /** `queue` is the one that it came from. Throws where it could not be stored. */
  readonly keep: (queue: string, message: Message, because: string) => Promise<void>;
};

const confirmMilliseconds = 10_000;
/** Reasons may be long stack traces; headers have to fit into one frame. */
const becauseMax = 2000;

type Letter = readonly [message: Message, note: string];
type Letters = readonly [Letter, ...Letter[]];

/** As it came, and what is left of it if the broker refuses that. */
const lettersOf = (message: Message): Letters => [
  [message, ""],
  [{ ...message, headers: {} }, "(RabbitMQ refuses its headers: they are left out) "],
  [
    { ...message, headers: {}, body: Buffer.from("null") },
    "(RabbitMQ refuses its headers and its body: they are left out) ",
  ],
];

/**
 * Declares the queue of the dead letters with the first of them. One goes after the other: a letter that is refused closes
 * the channel, and would take others with it.
 */
const sender = (connection: Pick<Connection, "createPublisher">, source: string, queue: string) => {
  const publisher = connection.createPublisher({ confirm: true, ...deadLetterTopology(source, queue) });
  const returned = new Set<string>();
  let sent = 0;
  publisher.on("basic.return", ({ messageId = "" }: ReturnedMessage) => returned.add(messageId));

  const send = async ({ contentType, headers, body }: Message, because: string): Promise<void> => {
    sent += 1;
    const messageId = String(sent);
    const envelope = {
      exchange: deadLettersOf(source),
      routingKey: queue,
      mandatory: true,
      durable: true,
      messageId,
      contentType,
      headers: { ...headers, [becauseName]: because.slice(0, becauseMax) },
    };
    await within(confirmMilliseconds, "no confirmation", publisher.send(envelope, body));
    // The client tells of a return after it has told of the confirmation.
    await setImmediate();
    if (returned.delete(messageId)) throw new Error(`${deadLettersOf(queue)} is gone`);
  };

  /** The whole message first, then less of it, until the broker takes it. */
  const sendWhatFits = async ([[message, note], ...less]: Letters, because: string): Promise<void> => {
    try {
      await send(message, note + because);
    } catch (error) {
      const [first, ...others] = less;
      if (!first || amqpKindOf(error) === "transient") throw error;
      await sendWhatFits([first, ...others], because);
    }
  };

  let last: Promise<unknown> = Promise.resolve();
  return (message: Message, because: string): Promise<void> => {
    const turn = last.then(() => sendWhatFits(lettersOf(message), because));
    last = turn.catch(() => undefined);
    return turn;
  };
};

export const rabbitMqDeadLetters = (
  connection: Pick<Connection, "createPublisher">,
  source: string,
): DeadLetters => {
  const senders = new Map<string, ReturnType<typeof sender>>();
  const senderOf = (queue: string) => {
    const send = senders.get(queue) ?? sender(connection, source, queue);
    senders.set(queue, send);
    return send;
  };
  return { keep: (queue, message, because) => senderOf(queue)(message, because) };
};
