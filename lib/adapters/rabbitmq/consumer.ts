/**
 * Reads a queue in its own process, for use without Lambda. Streams are handled concurrently, the events of one
 * stream one after the other. At most `prefetch` messages are in progress. A message that fails delays only its own
 * stream. A second consumer of the same queue is passive until the first one ends.
 */
import type { AsyncMessage, Connection } from "rabbitmq-client";
import type { ForeignDelivery, HandleToTheEnd } from "../../ports/delivery.ts";
import type { Log } from "../../ports/log.ts";
import {
  type Deliver,
  type DeliverPorts,
  deliverer,
  foreignDeliverer,
  type Incoming,
} from "./handler/deliver.ts";
import { messageOf } from "./handler/received.ts";
import { type QueueSubscription, queueOf, subscriptionTopology } from "./topology.ts";

/** The subscription whose queue is consumed, and how many messages may be in progress. */
export type ConsumerOptions = {
  readonly source: string;
  readonly subscription: QueueSubscription;
  readonly prefetch: number;
};

/** A running consumer. */
export type RabbitMqConsumer = {
  /** Resolves once the messages in progress are done. The others go to the next consumer. */
  readonly close: () => Promise<void>;
};

const incomingOf = (queue: string, message: AsyncMessage): Incoming => ({
  id: `${queue}/${message.deliveryTag}`,
  queue,
  receiveCount: 1 + Number(message.headers?.["x-delivery-count"] ?? Number(message.redelivered)),
  message: messageOf(message),
});

/** Runs the work for one key one after the other, and work for different keys concurrently. */
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
  { connection, log }: { readonly connection: Connection; readonly log: Log },
  { source, subscription, prefetch }: ConsumerOptions,
  deliver: Deliver,
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
    log.write({ kind: "problem", message: `cannot read ${queue}: ${error}`, error }),
  );
  return { close: () => consumer.close() };
};

type ConsumerPorts = DeliverPorts & { readonly connection: Connection };

/** Consumes a queue. */
export const rabbitMqConsumer = (
  ports: ConsumerPorts,
  options: ConsumerOptions,
  handle: HandleToTheEnd,
): RabbitMqConsumer => queueConsumer(ports, options, deliverer(handle, ports));

/** Reads a queue with the events of another system. */
export const rabbitMqIntakeConsumer = (
  ports: ConsumerPorts,
  options: ConsumerOptions,
  handle: HandleToTheEnd<ForeignDelivery>,
): RabbitMqConsumer => queueConsumer(ports, options, foreignDeliverer(handle, ports));
