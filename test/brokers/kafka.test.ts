/** Kafka as the bus, with a real broker: the contract, order, failures and their dead letters, consumer groups. */
import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import { Kafka, logLevel, type Producer } from "kafkajs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Kafka as Broker, startKafka } from "../../bin/brokers/kafka.ts";
import { cloudEventOf } from "../../lib/adapters/kafka/cloud-event.ts";
import { kafkaDeadLetters } from "../../lib/adapters/kafka/dead-letters/dead-letters.ts";
import { foreignDeliverer } from "../../lib/adapters/kafka/handler/deliver.ts";
import type { KafkaRecord } from "../../lib/adapters/kafka/handler/record.ts";
import { createTopics, deadLettersOf, topicOf } from "../../lib/adapters/kafka/topics.ts";
import { memoryLog } from "../../lib/adapters/memory/log.ts";
import { freePort } from "../../lib/local/machine/free-port.ts";
import { toCloudEvent } from "../../lib/model/events/cloud-event.ts";
import { retry } from "../../lib/ports/delivery.ts";
import { toTheEnd } from "../../lib/runtime/handlers/to-the-end.ts";
import { busContract } from "../../lib/testing/contracts/bus.ts";
import { recordedEvent } from "../../lib/testing/contracts/samples/recorded-event.ts";
import { collect, firstVersions, idsOf, streams, until } from "./events.ts";
import { clientOf, clients } from "./kafka-application.ts";
import { binary, structured, warehouse } from "./warehouse.ts";

let broker: Broker;
const { producerOf, read, application, close } = clients(() => broker.brokers);

beforeAll(async () => {
  broker = await startKafka();
});
afterEach(close);
afterAll(() => broker?.stop());

/** The number of distinct events. */
const countOf = (events: Parameters<typeof idsOf>[0]): number => new Set(idsOf(events)).size;

busContract("of Kafka, with a broker", async () => {
  const { bus, consume } = await application();
  const { events, handle } = collect();
  const reachable = producerOf();
  const unreachable = producerOf(clientOf(`127.0.0.1:${await freePort()}`));
  let producer = reachable;
  const refused = recordedEvent(1, { text: "x".repeat(1_000_000) }, { id: "order-9@1", streamId: "order-9" });
  return {
    bus: bus({ ...reachable, send: (...request) => producer.send(...request) }),
    received: async () => {
      consume(handle);
      await until(() => countOf(events) === 25);
      return events;
    },
    refused,
    cutOff: () => {
      producer = unreachable;
    },
  };
});

test("the events of a stream arrive in order", async () => {
  const { bus, consume } = await application();
  const { events, handle } = collect();
  const all = streams(7, 20);
  const kafkaBus = bus();
  consume(handle);
  for (let from = 0; from < all.length; from += 30) await kafkaBus.publish(all.slice(from, from + 30));
  await until(() => countOf(events) === all.length);
  expect(firstVersions(events)).toEqual(firstVersions(all));
});

test("an event in structured mode is read like one in binary mode", async () => {
  const { topic, consume } = await application();
  const { events, handle } = collect();
  const value = JSON.stringify(toCloudEvent(recordedEvent(), "shop"));
  const headers = { "content-type": "application/cloudevents+json; charset=UTF-8" };
  await producerOf().send(topic, [{ key: "order-1", value, headers }]);
  consume(handle);
  await until(() => events.length === 1);
  expect(events).toEqual([recordedEvent()]);
});

test("an event of another system is received once, in both modes and if it is delivered again; an event that breaks its schema is a dead letter", async () => {
  const { translator, intake, delivered, received } = warehouse();
  const { source, channel, type, name } = translator;
  const topic = topicOf(source, channel);
  const topics = [topic, deadLettersOf(name)];
  await createTopics(clientOf(broker.brokers), topics, { partitions: 2, replicas: 1 });
  const producer = producerOf();
  const parcel = delivered("d-1", { title: "emma", pieces: 4 });
  const all = [
    binary(parcel, "ce_"),
    structured(parcel),
    structured(delivered("d-2", { title: "emma" })),
    structured({ ...delivered("d-3", {}), type: "StockCounted" }),
    structured(delivered("d-4", { title: "emma", pieces: 3 })),
    binary(parcel, "ce_"),
  ].map(({ contentType, headers, value }) => ({
    value,
    headers: { ...headers, "content-type": contentType },
  }));
  await producer.send(topic, all);

  const letters: KafkaRecord[] = [];
  read(`${name}.reader`, [deadLettersOf(name)], async (some) => void letters.push(...some));
  const deadLetters = kafkaDeadLetters(producer, name);
  const handle = toTheEnd(intake, { sleep: async () => {}, random: () => 0 });
  let handled = 0;
  const interest = { source, eventTypes: [type] };
  const deliver = foreignDeliverer(handle, { interest, deadLetters, log: memoryLog() });
  read(name, [topic], async (records) => {
    await deliver(records);
    handled += records.length;
  });
  await until(() => handled >= all.length && letters.length > 0);
  expect((await received("emma")).map(({ copies }) => copies).toSorted()).toEqual([3, 4]);
  const because = letters[0]?.headers.find(([header]) => header === "dead-letter-because")?.[1];
  expect(Buffer.from(because ?? []).toString()).toMatch(/^untranslatable: .*d-2[\s\S]*pieces/);
});

describe("if the answer of the broker is lost", () => {
  /** A proxy to the broker. While it is deaf, requests reach the broker, but answers do not come back. */
  const hardOfHearing = () => {
    let isDeaf = false;
    const client = new Kafka({
      brokers: broker.brokers.split(","),
      requestTimeout: 500,
      retry: { retries: 1 },
      logLevel: logLevel.NOTHING,
      socketFactory: ({ host, port, onConnect }) => {
        const socket = connect({ host, port }, onConnect);
        const emit = socket.emit.bind(socket);
        socket.emit = (name: string, ...values: unknown[]) =>
          (name === "data" && isDeaf) || emit(name, ...values);
        return socket;
      },
    });
    const deafen = (deaf: boolean) => {
      isDeaf = deaf;
    };
    return { client, deafen };
  };

  const values = async (topic: string, last: string) => {
    const found: string[] = [];
    read(`${topic}.${last}`, [topic], async (all) => {
      found.push(...all.map(({ value }) => Buffer.from(value ?? []).toString()));
    });
    await until(() => found.includes(last));
    return found;
  };

  const message = (value: string) => [{ key: "order-1", value }];

  test("the message is still stored, and no later message is lost", async () => {
    const { topic } = await application();
    const { client, deafen } = hardOfHearing();
    const producer = producerOf(client);
    await producer.send(topic, message("one"));
    deafen(true);
    await expect(producer.send(topic, message("two"))).rejects.toThrow();
    deafen(false);
    await producer.send(topic, message("three"));
    await producer.send(topic, message("four"));
    expect(await values(topic, "four")).toEqual(["one", "two", "three", "four"]);
  });

  test("a producer that continues its sequence numbers loses the next message, so ours starts a new sequence", async () => {
    const { topic } = await application();
    const { client, deafen } = hardOfHearing();
    const producer: Producer = client.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const send = (value: string) => producer.send({ topic, messages: message(value), acks: -1 });
    await send("one");
    deafen(true);
    await expect(send("two")).rejects.toThrow();
    deafen(false);
    await send("three");
    await send("four");
    expect(await values(topic, "four")).toEqual(["one", "two", "four"]);
    await producer.disconnect();
  });
});

describe("a message that always fails", () => {
  test("is a dead letter with its headers and the reason, and the other messages are handled", async () => {
    const { topic, bus, consume, deadLetters } = await application();
    await producerOf().send(topic, [{ key: "order-1", value: "hello", headers: { trace: "abc" } }]);
    const all = streams(3, 3);
    await bus().publish(all);
    const { events, handle } = collect();
    const poisonous = "order-1@2";
    consume(async (deliveries) => {
      const bad = deliveries.filter((each) => each.kind === "event" && each.event.metadata.id === poisonous);
      await handle(deliveries.filter((each) => !bad.includes(each)));
      return bad.map(({ id }) => retry(id));
    });
    const letters = deadLetters();
    await until(() => letters.length === 2 && countOf(events) === all.length - 1);

    const texts = letters.map(({ headers }) =>
      Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
    );
    expect(texts).toContainEqual({
      trace: "abc",
      "dead-letter-from": expect.stringMatching(/\.order-\d@\d+$/),
      "dead-letter-because": expect.stringContaining("not a CloudEvent"),
      "dead-letter-attempts": "0",
    });
    expect(texts).toContainEqual(
      expect.objectContaining({ ce_id: poisonous, "dead-letter-because": "failed 8 times" }),
    );
    const kept = letters.find(({ headers }) => headers.some(([name]) => name === "ce_id"));
    expect(kept && cloudEventOf(kept)).toMatchObject({ id: poisonous, data: { orderId: "order-1" } });
  });
});

describe("a group of consumers", () => {
  test("gets a message again if a consumer has not committed it", async () => {
    const { bus, consume } = await application();
    await bus().publish(streams(3, 3));
    const { events, handle } = collect();
    let crashed = false;
    consume(async (deliveries) => {
      await handle(deliveries);
      if (crashed) return [];
      crashed = true;
      throw new Error("crashed after the work, before the commit");
    });
    await until(() => events.length > 9 && countOf(events) === 9);
    expect(firstVersions(events)).toEqual(firstVersions(streams(3, 3)));
  });

  test("does not get a committed message again", async () => {
    const { bus, consume } = await application();
    const first = collect();
    await bus().publish(streams(3, 1));
    const { stop } = consume(first.handle);
    await until(() => first.events.length === 3);
    await stop();
    const second = collect();
    consume(second.handle);
    await bus().publish([recordedEvent(7)]);
    await until(() => second.events.length > 0);
    expect(new Set(idsOf(second.events))).toEqual(new Set(["order-1@7"]));
  });

  test("keeps a consumer whose work takes longer than its session timeout", async () => {
    const { bus, consume } = await application();
    const { events, handle } = collect();
    const kafkaBus = bus();
    await kafkaBus.publish([recordedEvent(1)]);
    consume(async (deliveries) => {
      if (events.length === 0) await setTimeout(12_000);
      return handle(deliveries);
    });
    await until(() => events.length === 1);
    await kafkaBus.publish([recordedEvent(2)]);
    await until(() => events.length > 1);
    expect(events).toEqual([recordedEvent(1), recordedEvent(2)]);
  });

  test("shares the partitions, and continues with those of a consumer that joined or left", async () => {
    const { bus, consume } = await application();
    const [one, two] = [collect(), collect()];
    const kafkaBus = bus();
    const all = streams(20, 12);
    const publish = async (from: number, to: number) =>
      void (await kafkaBus.publish(all.slice(from * 20, to * 20)));
    const got = () => countOf([...one.events, ...two.events]);

    const { stop } = consume(one.handle);
    await publish(0, 4);
    await until(() => got() === 80);
    consume(two.handle);
    for (let row = 4; row < 8; row++) await publish(row, row + 1);
    await until(() => got() === 160);
    // Messages before the second consumer has its share belong to the first.
    while (two.events.length === 0) await kafkaBus.publish(all.slice(0, 20));
    await stop();
    const before = one.events.length;
    await publish(8, 12);
    await until(() => got() === all.length);
    expect(one.events.length).toBe(before);
    expect(two.events.length).toBeGreaterThan(0);
  });
});
