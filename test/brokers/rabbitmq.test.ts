/** RabbitMQ as the bus, with a real server: the contract, order, two consumers, failures and their dead letters. */

import { setTimeout } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type RabbitMq, startRabbitMq } from "../../bin/brokers/rabbitmq.ts";
import { rabbitMqBus } from "../../lib/adapters/rabbitmq/bus.ts";
import { rabbitMqIntakeConsumer } from "../../lib/adapters/rabbitmq/consumer.ts";
import { rabbitMqDeadLetters } from "../../lib/adapters/rabbitmq/dead-letters/dead-letters.ts";
import { declare } from "../../lib/adapters/rabbitmq/declare.ts";
import { deadLettersOf, exchangeOf, queueOf, topology } from "../../lib/adapters/rabbitmq/topology.ts";
import { becauseName } from "../../lib/model/delivery/dead-because.ts";
import { retry } from "../../lib/ports/delivery.ts";
import type { Log } from "../../lib/ports/log.ts";
import { toTheEnd } from "../../lib/runtime/handlers/to-the-end.ts";
import { busContract } from "../../lib/testing/contracts/bus.ts";
import { recordedEvent } from "../../lib/testing/contracts/samples/recorded-event.ts";
import { collect, firstVersions, idsOf, streams, until } from "./events.ts";
import { clients, inOrder, ports, silent, subscription } from "./rabbitmq-application.ts";
import { binary, structured, warehouse } from "./warehouse.ts";

let broker: RabbitMq;
const { connect, application, close } = clients(() => broker.url);

beforeAll(async () => {
  broker = await startRabbitMq();
});
afterEach(close);
afterAll(() => broker?.stop());

busContract("of RabbitMQ", async () => {
  const { consume, source } = application();
  const connection = connect();
  const { events, handle } = collect();
  const refused = { ...recordedEvent(1, {}, { streamId: "nowhere-1" }), type: "T".repeat(300) };
  return {
    bus: rabbitMqBus(connection, { source, subscriptions: [subscription] }, ports),
    received: async () => {
      consume(handle);
      await until(() => new Set(idsOf(events)).size === 25);
      return events;
    },
    refused,
    cutOff: () => connection.unsafeDestroy(),
  };
});

/** Takes all messages out of a queue. */
const drained = async (queue: string) => {
  const connection = connect();
  const messages = [];
  for (let message = await connection.basicGet({ queue, noAck: true }); message; ) {
    messages.push(message);
    message = await connection.basicGet({ queue, noAck: true });
  }
  return messages;
};

describe("the order of events", () => {
  test("is kept within each stream", async () => {
    const { bus, consume } = application();
    await bus().publish(streams(5, 20));
    const { events, handle } = collect();
    consume(handle);
    await until(() => events.length === 100);
    expect(firstVersions(events)).toEqual(inOrder(5, 20));
  });

  test("survives temporary failures, and only the stream that fails is delayed", async () => {
    const { bus, consume } = application();
    await bus().publish(streams(3, 5));
    const { events, handle } = collect();
    let failures = 3;
    consume(async (deliveries) => {
      const [delivery] = deliveries;
      if (delivery?.kind === "event" && delivery.event.metadata.id === "order-1@2" && failures > 0) {
        failures -= 1;
        return [retry(delivery.id)];
      }
      return handle(deliveries);
    });
    await until(() => events.length === 15);
    expect(firstVersions(events)).toEqual(inOrder(3, 5));
    expect(failures).toBe(0);
  });
});

describe("two consumers", () => {
  test("only one is active; if it dies, the other continues in order", async () => {
    const { bus, consume } = application();
    await bus().publish(streams(4, 25));
    const [first, second] = [collect(), collect()];
    const active = consume(async (deliveries) => {
      // It dies while messages are in flight, which are never acknowledged.
      if (first.events.length >= 30) return new Promise<never>(() => undefined);
      return first.handle(deliveries);
    });
    await until(() => first.events.length === 30);
    consume(second.handle);
    await setTimeout(100);
    expect(second.events).toEqual([]);
    active.crash();
    const all = () => [...first.events, ...second.events];
    await until(() => new Set(idsOf(all())).size === 100);
    expect(firstVersions(all())).toEqual(inOrder(4, 25));
  });

  test("a consumer that closes finishes its messages in flight", async () => {
    const { bus, consume } = application();
    await bus().publish(streams(1, 10));
    const [first, second] = [collect(), collect()];
    const active = consume(async (deliveries) => {
      await setTimeout(20);
      return first.handle(deliveries);
    }, 2);
    await until(() => first.events.length >= 3);
    await active.close();
    consume(second.handle);
    await until(() => first.events.length + second.events.length === 10);
    expect(firstVersions([...first.events, ...second.events])).toEqual(inOrder(1, 10));
  });
});

test("a slow consumer has a limited number of messages in flight, and the rest wait in the broker", async () => {
  const { bus, consume } = application();
  await bus().publish(streams(50, 1));
  let underWay = 0;
  let most = 0;
  let done = 0;
  consume(async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await setTimeout(10);
    underWay -= 1;
    done += 1;
    return [];
  }, 4);
  await until(() => done === 50);
  expect(most).toBe(4);
});

describe("a poison message", () => {
  test("that cannot be handled is a dead letter with its payload and the reason, and its stream continues", async () => {
    const { bus, consume, deadLetters } = application();
    await bus().publish(streams(1, 3));
    const { events, handle } = collect();
    const consumer = consume(async (deliveries) => {
      const [delivery] = deliveries;
      if (delivery?.kind === "event" && delivery.event.metadata.version === 2) throw new Error("poison");
      return handle(deliveries);
    });
    await until(() => events.length === 2);
    await consumer.close();
    const [deadLetter, ...others] = await drained(deadLetters);
    expect(others).toEqual([]);
    expect(deadLetter?.body).toEqual({ orderId: "order-0" });
    expect(deadLetter?.headers).toMatchObject({
      cloudEvents_id: "order-0@2",
      [becauseName]: "Error: poison",
    });
  });

  test("that cannot be read is a dead letter with its original bytes", async () => {
    const { bus, consume, source, queue, deadLetters } = application();
    await bus().publish([]);
    const { events, handle } = collect();
    const consumer = consume(handle);
    await bus().publish(streams(1, 1));
    await until(() => events.length === 1);
    const publisher = connect().createPublisher({ confirm: true });
    await publisher.send(
      { exchange: source, routingKey: "order.OrderPlaced", contentType: "application/json" },
      Buffer.from("{broken"),
    );
    await until(async () => (await connect().queueDeclare({ queue, passive: true })).messageCount === 0);
    await consumer.close();
    const [deadLetter] = await drained(deadLetters);
    expect(String(deadLetter?.body)).toBe("{broken");
    expect(deadLetter?.headers?.[becauseName]).toMatch(/^unreadable: .*JSON/);
  });

  test("that crashes every consumer is also a dead letter", async () => {
    const { bus, consume, deadLetters } = application();
    await bus().publish(streams(1, 1));
    const isDead = async () =>
      (await connect().queueDeclare({ queue: deadLetters, passive: true })).messageCount === 1;
    for (let crashes = 0; !(await isDead()); crashes += 1) {
      expect(crashes).toBeLessThan(30);
      let wasGiven = false;
      const consumer = consume(async () => {
        wasGiven = true;
        consumer.crash();
        return [];
      });
      await until(async () => wasGiven || (await isDead()));
    }
    const [deadLetter] = await drained(deadLetters);
    expect(deadLetter?.body).toEqual({ orderId: "order-0" });
  });
});

test("an event without a queue counts as published, and this is reported once", async () => {
  const { source } = application();
  const lines: string[] = [];
  const log: Log = { ...silent, write: ({ message }) => void lines.push(message) };
  const bus = rabbitMqBus(connect(), { source, subscriptions: [] }, { log });
  const [event] = streams(1, 1);
  if (!event) throw new Error("no event");
  expect(await bus.publish([event, event])).toEqual([{ kind: "published" }, { kind: "published" }]);
  await until(() => lines.length > 0);
  expect(lines).toEqual([`no queue of ${source} subscribes to order.OrderPlaced`]);
});

test("a saga gets the answers of others to it, but not the answers to its own commands", async () => {
  const { bus, consume } = application();
  const answer = (id: string, commandId: string, sagaId: string) => ({
    ...recordedEvent(1, {}, { id, commandId, sagaId, streamId: `payment-${id}` }),
    type: "PaymentAuthorized",
  });
  await bus().publish([
    answer("own", "checkout/1/pay/payment-1", "checkout/1"),
    answer("of another saga", "effect/1", "restock/1"),
    answer("by others", "effect/1", "checkout/1"),
    recordedEvent(),
  ]);
  const { events, handle } = collect();
  consume(handle);
  await until(() => events.length === 2);
  expect(new Set(idsOf(events))).toEqual(new Set(["by others", "order-1@1"]));
});

test("an event of another system is received once, in both modes and if it is delivered again; an event that breaks its schema is a dead letter", async () => {
  const { translator, intake, delivered, received } = warehouse();
  const { name, source: other, type } = translator;
  const { source } = application();
  const subscription = { name, source: other, eventTypes: [type] };
  const connection = connect();
  const deadLetters = rabbitMqDeadLetters(connection, source);
  const options = { source, subscription, prefetch: 10 };
  await declare(connection, topology(source, [subscription]));
  rabbitMqIntakeConsumer({ ...ports, connection, deadLetters }, options, toTheEnd(intake, ports));

  const parcel = delivered("d-1", { title: "emma", pieces: 4 });
  const sender = connect().createPublisher({ confirm: true });
  for (const { contentType, headers, value } of [
    binary(parcel, "cloudEvents_"),
    structured(parcel),
    structured(delivered("d-2", { title: "emma" })),
    structured(delivered("d-3", { title: "emma", pieces: 3 })),
    binary(parcel, "cloudEvents:"),
  ])
    await sender.send(
      {
        exchange: exchangeOf(source, other),
        routingKey: `stock.${type}`,
        mandatory: true,
        contentType,
        headers,
      },
      Buffer.from(value),
    );
  const queue = queueOf(source, name);
  const isEmpty = async (each: string) =>
    (await connection.queueDeclare({ queue: each, passive: true })).messageCount === 0;
  await until(async () => (await received("emma")).length === 2 && !(await isEmpty(deadLettersOf(queue))));
  expect((await received("emma")).map(({ copies }) => copies).toSorted()).toEqual([3, 4]);
  const [deadLetter] = await drained(deadLettersOf(queue));
  expect(deadLetter?.headers?.[becauseName]).toMatch(/^untranslatable: .*d-2[\s\S]*pieces/);
});
