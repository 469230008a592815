/** Kafka as the bus, with a real broker: the contract, order, failures and their dead letters, groups, outages. */
import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import { Kafka, logLevel, type Producer } from "kafkajs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Kafka as Broker, startKafka } from "../../bin/brokers/kafka.ts";
import { kafkaBus } from "../../lib/adapters/kafka/bus.ts";
import { kafkaClient } from "../../lib/adapters/kafka/client.ts";
import { cloudEventOf } from "../../lib/adapters/kafka/cloud-event.ts";
import { kafkaDeadLetters } from "../../lib/adapters/kafka/dead-letters.ts";
import { deliverer } from "../../lib/adapters/kafka/deliver.ts";
import { type IdempotentProducer, idempotentProducer } from "../../lib/adapters/kafka/producer.ts";
import type { KafkaRecord } from "../../lib/adapters/kafka/record.ts";
import { subscribe } from "../../lib/adapters/kafka/subscriber.ts";
import { createTopics, deadLettersOf, topicOf } from "../../lib/adapters/kafka/topics.ts";
import { memoryLog } from "../../lib/adapters/memory/log.ts";
import { freePort } from "../../lib/local/free-port.ts";
import { toCloudEvent } from "../../lib/model/cloud-event.ts";
import type { RecordedEvent } from "../../lib/model/message.ts";
import type { Delivery } from "../../lib/ports/delivery.ts";
import { busContract } from "../contracts/bus.ts";
import { recordedEvent } from "../contracts/recorded-event.ts";

let broker: Broker;
let kafka: Kafka;
const ends: (() => Promise<void>)[] = [];

const clientOf = (brokers: string): Kafka =>
  kafkaClient({ brokers: brokers.split(","), security: { kind: "plaintext" } });

beforeAll(async () => {
  broker = await startKafka();
  kafka = clientOf(broker.brokers);
});
afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
});
afterAll(() => broker?.stop());

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await setTimeout(20);
};

type Handle = (deliveries: readonly Delivery[]) => Promise<readonly string[]>;

const producerOf = (client: Kafka): IdempotentProducer => {
  const producer = idempotentProducer(client);
  ends.push(() => producer.disconnect());
  return producer;
};

/** An application of its own, so that tests share a broker and nothing else. */
const application = async () => {
  const source = `shop-${randomUUID()}`;
  const group = `${source}.checkout`;
  const topic = topicOf(source, "order");
  await createTopics(kafka, [topic, deadLettersOf(group)], { partitions: 4, replicas: 1 });

  const read = (
    name: string,
    topics: readonly string[],
    deliver: (all: readonly KafkaRecord[]) => Promise<void>,
  ) => {
    const ports = { kafka, sleep: () => setTimeout(50), log: memoryLog() };
    const { stop } = subscribe(ports, { group: name, topics, deliver });
    let stopped: Promise<void> | undefined;
    const stopOnce = () => {
      stopped ??= stop();
      return stopped;
    };
    ends.push(stopOnce);
    return { stop: stopOnce };
  };

  /** Retries follow at once. */
  const consume = (handle: Handle) => {
    const deadLetters = kafkaDeadLetters(producerOf(kafka), group);
    const ports = { deadLetters, sleep: async () => {}, random: () => 0, log: memoryLog() };
    const interest = { eventTypes: ["OrderPlaced"] };
    return read(group, [topic], deliverer({ interest, handle, ...ports }));
  };

  const deadLetters = () => {
    const records: KafkaRecord[] = [];
    read(`${group}.operator`, [deadLettersOf(group)], async (all) => void records.push(...all));
    return records;
  };

  const bus = (producer = producerOf(kafka)) => kafkaBus(producer, { source });
  return { source, topic, bus, consume, deadLetters };
};

const collect = () => {
  const events: RecordedEvent[] = [];
  const handle: Handle = async (deliveries) => {
    for (const delivery of deliveries) if (delivery.kind === "event") events.push(delivery.event);
    return [];
  };
  return { events, handle };
};

/** The events of some streams, mixed: one of each, then the next of each. */
const streams = (count: number, length: number): readonly RecordedEvent[] =>
  Array.from({ length: count * length }, (_, index) => {
    const streamId = `order-${index % count}` as const;
    const version = Math.floor(index / count) + 1;
    return recordedEvent(version, { orderId: streamId }, { streamId, id: `${streamId}@${version}` });
  });

const idsOf = (events: readonly RecordedEvent[]) => new Set(events.map(({ metadata }) => metadata.id));

/** Of each stream the versions in the order in which they came for the first time. */
const firstVersions = (events: readonly RecordedEvent[]): Readonly<Record<string, readonly number[]>> => {
  const versions: Record<string, Set<number>> = {};
  for (const { metadata } of events) {
    versions[metadata.streamId] ??= new Set();
    versions[metadata.streamId]?.add(metadata.version);
  }
  return Object.fromEntries(Object.entries(versions).map(([stream, seen]) => [stream, [...seen]]));
};

busContract("of Kafka, with a broker", async () => {
  const { bus, consume } = await application();
  const { events, handle } = collect();
  const reachable = producerOf(kafka);
  const unreachable = producerOf(clientOf(`127.0.0.1:${await freePort()}`));
  let producer = reachable;
  const refused = recordedEvent(1, {}, { id: "nowhere-1@1", streamId: "nowhere-1" });
  return {
    bus: bus({ ...reachable, send: (...request) => producer.send(...request) }),
    received: async () => {
      consume(handle);
      await until(() => idsOf(events).size === 25);
      return events;
    },
    refused,
    cutOff: () => {
      producer = unreachable;
    },
  };
});

test("the events of a stream come in their order", async () => {
  const { bus, consume } = await application();
  const { events, handle } = collect();
  const all = streams(7, 20);
  const kafkaBus = bus();
  consume(handle);
  for (let from = 0; from < all.length; from += 30) await kafkaBus.publish(all.slice(from, from + 30));
  await until(() => idsOf(events).size === all.length);
  expect(firstVersions(events)).toEqual(firstVersions(all));
});

test("an event in structured mode is read like one in binary mode", async () => {
  const { topic, consume } = await application();
  const { events, handle } = collect();
  const value = JSON.stringify(toCloudEvent(recordedEvent(), "shop"));
  const headers = { "content-type": "application/cloudevents+json; charset=UTF-8" };
  await producerOf(kafka).send(topic, [{ key: "order-1", value, headers }]);
  consume(handle);
  await until(() => events.length === 1);
  expect(events).toEqual([recordedEvent()]);
});

describe("an answer that is lost on the way", () => {
  /** Its broker hears it, and for as long as it is deaf it does not hear its broker. */
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
    const ports = { kafka, sleep: () => setTimeout(50), log: memoryLog() };
    const deliver = async (all: readonly KafkaRecord[]) =>
      void found.push(...all.map(({ value = "" }) => String(value)));
    const { stop } = subscribe(ports, { group: `${topic}.${last}`, topics: [topic], deliver });
    ends.push(stop);
    await until(() => found.includes(last));
    return found;
  };

  const message = (value: string) => [{ key: "order-1", value }];

  test("makes a message come twice, and swallows none that follows", async () => {
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

  test("swallows the next message of a producer that goes on counting: why ours begins anew", async () => {
    const { topic } = await application();
    const { client, deafen } = hardOfHearing();
    const producer: Producer = client.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    ends.push(() => producer.disconnect());
    const send = (value: string) => producer.send({ topic, messages: message(value), acks: -1 });
    await send("one");
    deafen(true);
    await expect(send("two")).rejects.toThrow();
    deafen(false);
    await send("three");
    await send("four");
    expect(await values(topic, "four")).toEqual(["one", "two", "four"]);
  });
});

describe("a message that nobody can take", () => {
  test("is a dead letter with its headers and the reason, and the others are handled", async () => {
    const { topic, bus, consume, deadLetters } = await application();
    await producerOf(kafka).send(topic, [{ key: "order-1", value: "hello", headers: { trace: "abc" } }]);
    const all = streams(3, 3);
    await bus().publish(all);
    const { events, handle } = collect();
    const poisonous = "order-1@2";
    consume(async (deliveries) => {
      const bad = deliveries.filter((each) => each.kind === "event" && each.event.metadata.id === poisonous);
      await handle(deliveries.filter((each) => !bad.includes(each)));
      return bad.map(({ id }) => id);
    });
    const letters = deadLetters();
    await until(() => letters.length === 2 && idsOf(events).size === all.length - 1);

    const texts = letters.map(({ headers }) =>
      Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
    );
    expect(texts).toContainEqual({
      trace: "abc",
      "dead-letter-from": expect.stringMatching(/\.order-\d@\d+$/),
      "dead-letter-because": expect.stringContaining("no CloudEvent"),
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
  test("gets again what a consumer has not committed", async () => {
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
    await until(() => events.length > 9 && idsOf(events).size === 9);
    expect(firstVersions(events)).toEqual(firstVersions(streams(3, 3)));
  });

  test("does not get again what it has committed", async () => {
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
    expect(idsOf(second.events)).toEqual(new Set(["order-1@7"]));
  });

  test("keeps a consumer whose work takes longer than its session", async () => {
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

  test("shares the partitions, and goes on with those of a consumer that came or went", async () => {
    const { bus, consume } = await application();
    const [one, two] = [collect(), collect()];
    const kafkaBus = bus();
    const all = streams(20, 12);
    const publish = async (from: number, to: number) =>
      void (await kafkaBus.publish(all.slice(from * 20, to * 20)));
    const got = () => idsOf([...one.events, ...two.events]).size;

    const { stop } = consume(one.handle);
    await publish(0, 4);
    await until(() => got() === 80);
    consume(two.handle);
    for (let row = 4; row < 8; row++) await publish(row, row + 1);
    await until(() => got() === 160);
    // What comes until the second has its share is the first one's.
    while (two.events.length === 0) await kafkaBus.publish(all.slice(0, 20));
    await stop();
    const before = one.events.length;
    await publish(8, 12);
    await until(() => got() === all.length);
    expect(one.events.length).toBe(before);
    expect(two.events.length).toBeGreaterThan(0);
  });
});

/** Offers what was not taken again until all is, as the relay does. */
const publishAll = async (
  publish: (events: readonly RecordedEvent[]) => Promise<readonly { kind: string }[]>,
  events: readonly RecordedEvent[],
) => {
  let left = events;
  while (left.length > 0) {
    const outcomes = await publish(left).catch(() => []);
    left = left.filter((_, index) => outcomes[index]?.kind !== "published");
  }
};

const outages = () => {
  test("events published while the broker restarts come all, and each stream in its order", async () => {
    const { bus, consume } = await application();
    const { events, handle } = collect();
    const all = streams(5, 40);
    const { publish } = bus();
    consume(handle);
    await publishAll(publish, all.slice(0, 50));
    await until(() => idsOf(events).size === 50);
    const restarted = broker.power?.off().then(() => broker.power?.on());
    for (let from = 50; from < all.length; from += 10) await publishAll(publish, all.slice(from, from + 10));
    await restarted;
    await until(() => idsOf(events).size === all.length);
    expect(firstVersions(events)).toEqual(firstVersions(all));
  });

  test("a bus and a consumer that are there before the broker work once it is there", async () => {
    const { bus, consume } = await application();
    const { events, handle } = collect();
    const { publish } = bus();
    await broker.power?.off();
    consume(handle);
    await expect(publish([recordedEvent(1)])).rejects.toThrow();
    await broker.power?.on();
    await publishAll(publish, [recordedEvent(1)]);
    await until(() => events.length > 0);
    expect(events[0]).toEqual(recordedEvent(1));
  });
};

if (process.env.KAFKA_BROKERS)
  afterAll(() => console.warn("not run: outages of Kafka, for KAFKA_BROKERS is not ours to restart"));
else describe("an outage", outages);
