/** The dead letters of RabbitMQ handlers as operators see them, with a real server. */
import { randomUUID } from "node:crypto";
import type { AsyncMessage } from "rabbitmq-client";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type RabbitMq, startRabbitMq } from "../../bin/brokers/rabbitmq.ts";
import { rabbitMqBus } from "../../lib/adapters/rabbitmq/bus.ts";
import { rabbitMqConsumer } from "../../lib/adapters/rabbitmq/consumer.ts";
import { rabbitMqDeadLetterQueues } from "../../lib/adapters/rabbitmq/dead-letters/dead-letter-queues.ts";
import { rabbitMqDeadLetters } from "../../lib/adapters/rabbitmq/dead-letters/dead-letters.ts";
import { declare } from "../../lib/adapters/rabbitmq/declare.ts";
import { messageOf } from "../../lib/adapters/rabbitmq/handler/received.ts";
import { cloudEventIn, toMessage } from "../../lib/adapters/rabbitmq/message.ts";
import { queueOf, topology } from "../../lib/adapters/rabbitmq/topology.ts";
import type { DeadLetter } from "../../lib/ports/dead-letters.ts";
import type { Handle } from "../../lib/ports/delivery.ts";
import { toTheEnd } from "../../lib/runtime/handlers/to-the-end.ts";
import { deadLettersContract, handler } from "../../lib/testing/contracts/dead-letters.ts";
import { collect, firstVersions, streams, until } from "./events.ts";
import { clients, inOrder, ports } from "./rabbitmq-application.ts";

let broker: RabbitMq;
const { connect, close } = clients(() => broker.url);

beforeAll(async () => {
  broker = await startRabbitMq();
});
afterEach(close);
afterAll(() => broker?.stop());

const translator = "hear-warehouse";
const isTranslator = (name: string) => name === translator;
const subscription = { name: handler, eventTypes: ["OrderPlaced"] };

const place = async () => {
  const source = `shop-${randomUUID()}`;
  const queue = queueOf(source, handler);
  const connection = connect();
  const bus = rabbitMqBus(connection, { source, subscriptions: [subscription] }, ports);
  await declare(connection, topology(source, [subscription]));
  const { keep } = rabbitMqDeadLetters(connection, source);
  const consume = (handle: Handle) =>
    rabbitMqConsumer(
      { ...ports, connection: connect(), deadLetters: { keep } },
      { source, subscription, prefetch: 10 },
      toTheEnd(handle, ports),
    );
  const deadLetters = rabbitMqDeadLetterQueues(connection, { source, isTranslator });
  /** Takes all messages out of the queue of the handler, in order. */
  const given = async () => {
    const { messageCount } = await connection.queueDeclare({ queue, passive: true });
    const messages: AsyncMessage[] = [];
    const consumer = connection.createConsumer(
      { queue, queueOptions: { passive: true } },
      async (message) => {
        messages.push(message);
      },
    );
    await until(() => messages.length === messageCount);
    await consumer.close();
    return messages;
  };
  return { source, bus, queue, keep, consume, deadLetters, given };
};

deadLettersContract("of RabbitMQ", async () => {
  const { queue, keep, deadLetters, given } = await place();
  return {
    deadLetters,
    add: async (events) => {
      for (const event of events) await keep(queue, toMessage(event, "shop"), "failed 8 times");
    },
    given: async () => (await given()).map((message) => JSON.stringify(cloudEventIn(messageOf(message)))),
  };
});

test("redriven messages reach the handler again unchanged and in order, and are no longer dead letters", async () => {
  const { bus, consume, deadLetters } = await place();
  const { events, handle } = collect();
  let isBroken = true;
  const broken = consume(async (deliveries) => {
    if (isBroken) throw new Error("poison");
    return handle(deliveries);
  });
  await bus.publish(streams(3, 4));
  await until(async () => (await deadLetters.list(handler, 100)).length === 12);
  const [deadLetter] = await deadLetters.list(handler, 1);
  expect(deadLetter).toMatchObject({ because: "Error: poison", at: expect.stringMatching(/Z$/) });
  isBroken = false;
  const versionOf = ({ event }: DeadLetter) => event?.metadata.version ?? 0;
  const redriven = await deadLetters.redrive(handler, (letters) =>
    letters.toSorted((one, other) => versionOf(one) - versionOf(other)),
  );
  expect(redriven).toEqual({ count: 12, more: false });
  await until(() => events.length === 12);
  expect(firstVersions(events)).toEqual(inOrder(3, 4));
  expect(await deadLetters.list(handler, 100)).toEqual([]);
  await broken.close();
});

test("a redriven message has no headers of the dead letter", async () => {
  const { queue, keep, deadLetters, given } = await place();
  const headers = { trace: "abc" };
  await keep(queue, { contentType: "text/plain", headers, body: Buffer.from("hello") }, "unreadable");
  const deadLetter = { payload: "hello", because: "unreadable", at: expect.any(String) };
  expect(await deadLetters.list(handler, 10)).toEqual([deadLetter]);
  await deadLetters.redrive(handler, (letters) => letters);
  expect(await given()).toMatchObject([{ headers, body: "hello", contentType: "text/plain" }]);
});

test("a dead letter that is read very often stays", async () => {
  const { queue, keep, deadLetters } = await place();
  for (const event of streams(2, 1)) await keep(queue, toMessage(event, "shop"), "failed 8 times");
  for (let looks = 0; looks < 30; looks += 1) expect(await deadLetters.list(handler, 10)).toHaveLength(2);
});

test("a redrive to a queue that does not exist loses nothing", async () => {
  const { queue, keep, deadLetters } = await place();
  const [event] = streams(1, 1);
  if (event) await keep(queue, toMessage(event, "shop"), "failed 8 times");
  await connect().queueDelete({ queue });
  await expect(deadLetters.redrive(handler, (letters) => letters)).rejects.toThrow(`${queue} does not exist`);
  expect(await deadLetters.list(handler, 10)).toHaveLength(1);
});

test("a dead letter of a translator has the event of the other system", async () => {
  const { source, keep, deadLetters } = await place();
  const data = { sku: "pear" };
  const cloudEvent = { specversion: "1.0", id: "1", source: "warehouse", type: "Counted", data };
  const contentType = "application/cloudevents+json";
  const body = Buffer.from(JSON.stringify(cloudEvent));
  await keep(queueOf(source, translator), { contentType, headers: {}, body }, "failed 8 times");
  const { specversion, ...foreign } = cloudEvent;
  expect(await deadLetters.list(translator, 10)).toMatchObject([{ foreign, because: "failed 8 times" }]);
});
