/**
 * What stands in the broker. Events go to a topic exchange named for the application, each subscription has a queue
 * of its own, and what a subscription cannot take goes to a queue of dead letters beside it:
 *
 *     shop ──*.OrderPlaced──▶ shop.checkout ──▶ shop.dead-letters ──▶ shop.checkout.dead-letters
 *
 * Another system publishes to an exchange of its own, `shop.from.warehouse`, and needs no right to write elsewhere:
 * what comes that way is nothing of ours, whatever it says.
 *
 * One consumer of a queue is active at a time, so that the events of a stream stay in order; others stand by. Queues
 * are replicated and give a message up only after it has brought consumers down many times. To declare what stands
 * there already changes nothing.
 */
import type { PublisherProps } from "rabbitmq-client";
import type { EventFilter } from "../../model/delivery/interest.ts";
import { bindingKeys } from "./routing-key.ts";

export type QueueSubscription = EventFilter & { readonly name: string };

export type Topology = Required<Pick<PublisherProps, "exchanges" | "queues" | "queueBindings">>;

/** How often a message may bring its consumer down; failures that the consumer sees are not counted here. */
const deliveriesMax = 20;

export const queueOf = (source: string, subscription: string): string => `${source}.${subscription}`;

/** Where the events of another system come in; those of the application itself go to the one that is named for it. */
export const exchangeOf = (source: string, other?: string): string =>
  other === undefined ? source : `${source}.from.${other}`;

export const deadLettersOf = (queue: string): string => `${queue}.dead-letters`;

const quorum = { "x-queue-type": "quorum" } as const;

/** Dead letters leave the queue only once the other queue has them, which needs a queue that refuses when full. */
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

/** Whoever looks at a dead letter was given it, and RabbitMQ 4 drops what was given 20 times where nothing is said. */
const deadLetterArguments = { ...quorum, "x-delivery-limit": 1_000_000 };

export const deadLetterTopology = (source: string, queue: string): Topology => ({
  exchanges: [deadLetterExchange(source)],
  queues: [{ queue: deadLettersOf(queue), durable: true, arguments: deadLetterArguments }],
  queueBindings: [{ exchange: deadLettersOf(source), queue: deadLettersOf(queue), routingKey: queue }],
});

export const subscriptionTopology = (source: string, subscription: QueueSubscription): Topology => {
  const queue = queueOf(source, subscription.name);
  const exchange = exchangeOf(source, subscription.source);
  return {
    exchanges: [{ exchange, type: "topic", durable: true }, deadLetterExchange(source)],
    queues: [{ queue, durable: true, arguments: queueArguments(source, queue) }],
    queueBindings: bindingKeys(subscription).map((routingKey) => ({ exchange, queue, routingKey })),
  };
};

/** Of the whole application; its exchange stands there even where nobody subscribes. */
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
