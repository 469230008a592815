/**
 * The exchanges and queues in the broker. Events go to a topic exchange with the name of the application. Each
 * subscription has its own queue, and a queue of dead letters for messages that it cannot handle:
 *
 *     shop ──*.OrderPlaced──▶ shop.checkout ──▶ shop.dead-letters ──▶ shop.checkout.dead-letters
 *
 * Another system publishes to a separate exchange, such as `shop.from.warehouse`, and needs no permission for any
 * other. A message from there never counts as an event of ours, whatever it contains.
 *
 * One consumer of a queue is active at a time, so that the events of a stream stay in order; other consumers are
 * passive. Queues are replicated. They give a message up only after it has crashed its consumer many times.
 * Declaring something that exists already changes nothing.
 */
import type { PublisherProps } from "rabbitmq-client";
import type { EventFilter } from "../../model/delivery/interest.ts";
import { bindingKeys } from "./routing-key.ts";

/** The name of a handler, and the events that its queue gets. */
export type QueueSubscription = EventFilter & { readonly name: string };

/** Exchanges, queues and bindings. */
export type Topology = Required<Pick<PublisherProps, "exchanges" | "queues" | "queueBindings">>;

/** How many times a message may crash its consumer. Failures that the consumer handles are not counted here. */
const deliveriesMax = 20;

/** The queue of a handler. */
export const queueOf = (source: string, subscription: string): string => `${source}.${subscription}`;

/** The exchange for the events of another system. Events of the application use the exchange that has its name. */
export const exchangeOf = (source: string, other?: string): string =>
  other === undefined ? source : `${source}.from.${other}`;

/** The queue of a handler's dead letters. */
export const deadLettersOf = (queue: string): string => `${queue}.dead-letters`;

const quorum = { "x-queue-type": "quorum" } as const;

/**
 * A dead letter leaves its queue only once the dead-letter queue has stored it. This requires an overflow mode that
 * refuses new messages when the queue is full.
 */
const queueArguments = (source: string, queue: string) => ({
  ...quorum,
  "x-single-active-consumer": true,
  "x-delivery-limit": deliveriesMax,
  "x-dead-letter-exchange": deadLettersOf(source),
  "x-dead-letter-routing-key": queue,
  "x-dead-letter-strategy": "at-least-once",
  "x-overflow": "reject-publish" as const,
});

const deadLetterExchange = (source: string) => ({
  exchange: deadLettersOf(source),
  type: "direct",
  durable: true,
});

/**
 * Every time an operator lists a dead letter, it counts as a delivery. By default, RabbitMQ 4 drops a message after
 * 20 deliveries.
 */
const deadLetterArguments = { ...quorum, "x-delivery-limit": 1_000_000 };

/** The topology of dead letters. */
export const deadLetterTopology = (source: string, queue: string): Topology => ({
  exchanges: [deadLetterExchange(source)],
  queues: [{ queue: deadLettersOf(queue), durable: true, arguments: deadLetterArguments }],
  queueBindings: [{ exchange: deadLettersOf(source), queue: deadLettersOf(queue), routingKey: queue }],
});

/** The topology of a subscription. */
export const subscriptionTopology = (source: string, subscription: QueueSubscription): Topology => {
  const queue = queueOf(source, subscription.name);
  const exchange = exchangeOf(source, subscription.source);
  return {
    exchanges: [{ exchange, type: "topic", durable: true }, deadLetterExchange(source)],
    queues: [{ queue, durable: true, arguments: queueArguments(source, queue) }],
    queueBindings: bindingKeys(subscription).map((routingKey) => ({ exchange, queue, routingKey })),
  };
};

/** For the whole application. Its exchange exists even without subscriptions. */
export const topology = (source: string, subscriptions: readonly QueueSubscription[]): Topology => {
  const all = subscriptions.flatMap((subscription) => [
    deadLetterTopology(source, queueOf(source, subscription.name)),
    subscriptionTopology(source, subscription),
  ]);
  return {
    exchanges: [
      { exchange: source, type: "topic", durable: true },
      ...all.flatMap(({ exchanges }) => exchanges),
    ],
    queues: all.flatMap(({ queues }) => queues),
    queueBindings: all.flatMap(({ queueBindings }) => queueBindings),
  };
};
