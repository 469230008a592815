/**
 * Stores the messages that a subscription cannot handle, unchanged and with the reason. Do not acknowledge a
 * message before `keep` resolves. A dead letter that the broker never accepts would be redelivered forever. It is
 * stored without its headers instead, or also without its body, and the reason says so.
 */
import { setImmediate } from "node:timers/promises";
import type { Connection, ReturnedMessage } from "rabbitmq-client";
import { becauseName } from "../../../model/delivery/dead-because.ts";
import { amqpKindOf } from "../errors.ts";
import { within } from "../handler/within.ts";
import type { Message } from "../message.ts";
import { deadLettersOf, deadLetterTopology } from "../topology.ts";

/** Stores dead letters. */
export type RabbitMqDeadLetterStore = {
  /** `queue` is the queue that the message came from. Throws if the message cannot be stored. */
  readonly keep: (queue: string, message: Message, because: string) => Promise<void>;
};

const confirmMilliseconds = 10_000;
/** Reasons may be long stack traces, and headers must fit into one frame. */
const becauseMax = 2000;

type Version = readonly [message: Message, note: string];
type Versions = readonly [Version, ...Version[]];

/** The message unchanged, then with less and less content, in case the broker refuses it. */
const versionsOf = (message: Message): Versions => [
  [message, ""],
  [{ ...message, headers: {} }, "(headers left out because RabbitMQ refuses them) "],
  [
    { ...message, headers: {}, body: Buffer.from("null") },
    "(headers and body left out because RabbitMQ refuses them) ",
  ],
];

/**
 * Declares the dead-letter queue with the first message. Messages are sent one after the other: a refused message
 * closes the channel, and others on it would be lost.
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
    // The client reports a return after it has reported the confirmation.
    await setImmediate();
    if (returned.delete(messageId)) throw new Error(`${deadLettersOf(queue)} does not exist`);
  };

  /** Sends the whole message first, then with less content, until the broker accepts it. */
  const sendWhatFits = async ([[message, note], ...less]: Versions, because: string): Promise<void> => {
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
    const turn = last.then(() => sendWhatFits(versionsOf(message), because));
    last = turn.catch(() => undefined);
    return turn;
  };
};

/** Stores the dead letters of a handler in its queue. */
export const rabbitMqDeadLetters = (
  connection: Pick<Connection, "createPublisher">,
  source: string,
): RabbitMqDeadLetterStore => {
  const senders = new Map<string, ReturnType<typeof sender>>();
  const senderOf = (queue: string) => {
    const send = senders.get(queue) ?? sender(connection, source, queue);
    senders.set(queue, send);
    return send;
  };
  return { keep: (queue, message, because) => senderOf(queue)(message, because) };
};
