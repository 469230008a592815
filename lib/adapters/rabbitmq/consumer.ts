/**
 * A queue read by a process of its own, where there is no Lambda. Streams are handled side by side, the events of one
 * stream one after the other; at most so many messages are under way. One that fails holds up its stream alone. A
 * second consumer of a queue stands by until the first is gone.
 */
import type { AsyncMessage, Connection } from "rabbitmq-client";
import type { ForeignDelivery, HandleToTheEnd } from "../../ports/delivery.ts";
import {
  type Deliver,
  type DeliverPorts,
  deliverer,
  foreignDeliverer,
  type Incoming,
} from "./handler/deliver.ts";
import { messageOf } from "./handler/received.ts";
import { type QueueSubscription, queueOf, subscriptionTopology } from "./topology.ts";

export type ConsumerOptions = {
  readonly source: string;
  readonly subscription: QueueSubscription;
  readonly prefetch: number;
};

export type RabbitMqConsumer = {
  /** Resolves once what is under way is done; the rest goes to the next consumer. */
  readonly close: () => Promise<void>;
};

const incomingOf = (queue: string, message: AsyncMessage): Incoming => ({
  id: `${queue}/${message.deliveryTag}`,
  queue,
  receiveCount: 1 + Number(message.headers?.["x-delivery-count"] ?? Number(message.redelivered)),
  message: messageOf(message),
});

/** Does what belongs to one key one after the other, and waits for nothing else. */
const turns = () => {
  const last = new Map<string, Promise<void>>();
  return (key: string, work: () => Promise<void>): Promise<void> => {
    const turn = (last.get(key) ?? Promise.resolve()).catch(() => undefined).then(work);
    last.set(key, turn);
    const forget = () => {
      if (last.get(key) === turn) last.delete(key);
    };
    turn.then(forget, forget);
    return turn;
  };
};

const keyOf = ({ message: { headers } }: Incoming): string =>
  String(headers.cloudEvents_subject ?? headers["cloudEvents:subject"] ?? "");

const queueConsumer = (
  connection: Connection,
  { source, subscription, prefetch }: ConsumerOptions,
  deliver: Deliver,
  { log }: Pick<DeliverPorts, "log">,
): RabbitMqConsumer => {
  const inTurn = turns();
  const queue = queueOf(source, subscription.name);
  const { queues, exchanges, queueBindings } = subscriptionTopology(source, subscription);
  const flow = { qos: { prefetchCount: prefetch }, concurrency: prefetch };
  const consumer = connection.createConsumer(
    { queue, queueOptions: queues[0], exchanges, queueBindings, ...flow },
    (message) => {
      const incoming = incomingOf(queue, message);
      return inTurn(keyOf(incoming), () => deliver([incoming]));
    },
  );
  consumer.on("error", (error) =>
    log.write({ kind: "problem", message: `${queue} is not read: ${error}`, error }),
  );
  return { close: () => consumer.close() };
};

export const rabbitMqConsumer = (
  connection: Connection,
  options: ConsumerOptions,
  handle: HandleToTheEnd,
  ports: DeliverPorts,
): RabbitMqConsumer => queueConsumer(connection, options, deliverer(handle, ports), ports);

/** A queue of another system's events. */
export const rabbitMqIntakeConsumer = (
  connection: Connection,
  options: ConsumerOptions,
  handle: HandleToTheEnd<ForeignDelivery>,
  ports: DeliverPorts,
): RabbitMqConsumer => queueConsumer(connection, options, foreignDeliverer(handle, ports), ports);
