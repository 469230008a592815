/** What tests of RabbitMQ share: applications of their own on one server, and what comes out of it. */
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { rabbitMqBus } from "../../lib/adapters/rabbitmq/bus.ts";
import { rabbitMqConnection } from "../../lib/adapters/rabbitmq/client.ts";
import { rabbitMqConsumer } from "../../lib/adapters/rabbitmq/consumer.ts";
import { rabbitMqDeadLetters } from "../../lib/adapters/rabbitmq/dead-letters.ts";
import { deadLettersOf, queueOf } from "../../lib/adapters/rabbitmq/topology.ts";
import type { RecordedEvent } from "../../lib/model/message.ts";
import type { Handle } from "../../lib/ports/delivery.ts";
import type { Log } from "../../lib/ports/log.ts";
import { recordedEvent } from "../contracts/recorded-event.ts";

export const silent: Log = { write: () => undefined, count: () => undefined };

/** Retries follow at once. */
export const ports = { sleep: async () => undefined, random: () => 0, log: silent };

export const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await setTimeout(20);
};

export const subscription = {
  name: "checkout",
  eventTypes: ["OrderPlaced"],
  saga: { name: "checkout", hearsItself: false },
};

/** Where the server is, and the connections to it, which end with `close`. */
export const clients = (url: () => string) => {
  const connections: { unsafeDestroy: () => void }[] = [];
  const connect = () => {
    const connection = rabbitMqConnection(url(), silent);
    connections.push(connection);
    return connection;
  };

  /** An application of its own, so that tests share a server and nothing else. */
  const application = () => {
    const source = `shop-${randomUUID()}`;
    const queue = queueOf(source, subscription.name);
    const bus = () => rabbitMqBus(connect(), { source, subscriptions: [subscription] }, ports);
    const consume = (handle: Handle, prefetch = 10) => {
      const connection = connect();
      const options = { source, subscription, prefetch };
      const deadLetters = rabbitMqDeadLetters(connection, source);
      const consumer = rabbitMqConsumer(connection, options, handle, { ...ports, deadLetters });
      return { ...consumer, crash: () => connection.unsafeDestroy() };
    };
    return { source, queue, deadLetters: deadLettersOf(queue), bus, consume };
  };

  const close = () => {
    for (const connection of connections.splice(0)) connection.unsafeDestroy();
  };
  return { connect, application, close };
};

export const collect = () => {
  const events: RecordedEvent[] = [];
  const handle: Handle = async (deliveries) => {
    for (const delivery of deliveries) if (delivery.kind === "event") events.push(delivery.event);
    return [];
  };
  return { events, handle };
};

/** The events of some streams, mixed: one of each, then the next of each. */
export const streams = (count: number, length: number): readonly RecordedEvent[] =>
  Array.from({ length: count * length }, (_, index) => {
    const streamId = `order-${index % count}` as const;
    const version = Math.floor(index / count) + 1;
    return recordedEvent(version, { orderId: streamId }, { streamId, id: `${streamId}@${version}` });
  });

export const idsOf = (events: readonly RecordedEvent[]) => events.map(({ metadata }) => metadata.id);

/** Of each stream the versions in the order in which they came for the first time. */
export const firstVersions = (events: readonly RecordedEvent[]) => {
  const versions = new Map<string, Set<number>>();
  for (const { metadata } of events)
    versions.set(metadata.streamId, (versions.get(metadata.streamId) ?? new Set()).add(metadata.version));
  return Object.fromEntries([...versions].map(([stream, seen]) => [stream, [...seen]]));
};

export const inOrder = (count: number, length: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, stream) => [
      `order-${stream}`,
      Array.from({ length }, (_, index) => index + 1),
    ]),
  );
