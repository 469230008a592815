/** What tests of RabbitMQ share: a separate application for each test on one server, and its output. */
import { randomUUID } from "node:crypto";
import { rabbitMqBus } from "../../lib/adapters/rabbitmq/bus.ts";
import { rabbitMqConnection } from "../../lib/adapters/rabbitmq/client.ts";
import { rabbitMqConsumer } from "../../lib/adapters/rabbitmq/consumer.ts";
import { rabbitMqDeadLetters } from "../../lib/adapters/rabbitmq/dead-letters/dead-letters.ts";
import { deadLettersOf, queueOf } from "../../lib/adapters/rabbitmq/topology.ts";
import type { Handle } from "../../lib/ports/delivery.ts";
import type { Log } from "../../lib/ports/log.ts";
import { toTheEnd } from "../../lib/runtime/handlers/to-the-end.ts";
import type { Attach } from "./sagas/real-bus.ts";

export const silent: Log = { write: () => undefined, count: () => undefined };

/** Retries without a delay. */
export const ports = { sleep: async () => undefined, random: () => 0, log: silent };

export const subscription = {
  name: "checkout",
  eventTypes: ["OrderPlaced"],
  saga: { name: "checkout" },
};

/** The URL of the server, and the connections to it. `close` ends them. */
export const clients = (url: () => string) => {
  const connections: { unsafeDestroy: () => void }[] = [];
  const connect = () => {
    const connection = rabbitMqConnection(url(), silent);
    connections.push(connection);
    return connection;
  };

  /** A separate application, so that tests share only the server. */
  const application = () => {
    const source = `shop-${randomUUID()}`;
    const queue = queueOf(source, subscription.name);
    const bus = () => rabbitMqBus(connect(), { source, subscriptions: [subscription] }, ports);
    const consume = (handle: Handle, prefetch = 10) => {
      const connection = connect();
      const options = { source, subscription, prefetch };
      const deadLetters = rabbitMqDeadLetters(connection, source);
      const consumer = rabbitMqConsumer(
        { ...ports, connection, deadLetters },
        options,
        toTheEnd(handle, ports),
      );
      return { ...consumer, crash: () => connection.unsafeDestroy() };
    };
    return { source, queue, deadLetters: deadLettersOf(queue), bus, consume };
  };

  /** Consumers of a separate application, each with a queue. */
  const attach: Attach = async (consumers) => {
    const source = `library-${randomUUID()}`;
    const connection = connect();
    const consumerPorts = { ...ports, connection, deadLetters: rabbitMqDeadLetters(connection, source) };
    const subscriptions = consumers.map(({ name, interest: { eventTypes, saga }, handle }) => {
      const subscription = { name, eventTypes, saga };
      rabbitMqConsumer(consumerPorts, { source, subscription, prefetch: 10 }, handle);
      return subscription;
    });
    return rabbitMqBus(connect(), { source, subscriptions }, ports);
  };

  const close = () => {
    for (const connection of connections.splice(0)) connection.unsafeDestroy();
  };
  return { connect, application, attach, close };
};

export const inOrder = (count: number, length: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, stream) => [
      `order-${stream}`,
      Array.from({ length }, (_, index) => index + 1),
    ]),
  );
