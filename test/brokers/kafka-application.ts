/** What tests of Kafka share: a separate application for each test on one broker, and its output. */
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { Kafka } from "kafkajs";
import { kafkaBus } from "../../lib/adapters/kafka/bus.ts";
import { kafkaClient } from "../../lib/adapters/kafka/client.ts";
import { kafkaDeadLetters } from "../../lib/adapters/kafka/dead-letters/dead-letters.ts";
import { deliverer } from "../../lib/adapters/kafka/handler/deliver.ts";
import type { KafkaRecord } from "../../lib/adapters/kafka/handler/record.ts";
import { type IdempotentProducer, idempotentProducer } from "../../lib/adapters/kafka/producer.ts";
import { subscribe } from "../../lib/adapters/kafka/subscriber.ts";
import { createTopics, deadLettersOf, topicOf } from "../../lib/adapters/kafka/topics.ts";
import { memoryLog } from "../../lib/adapters/memory/log.ts";
import type { Handle } from "../../lib/ports/delivery.ts";
import { toTheEnd } from "../../lib/runtime/handlers/to-the-end.ts";
import type { Attach } from "./sagas/real-bus.ts";

export const clientOf = (brokers: string): Kafka =>
  kafkaClient({ brokers: brokers.split(","), security: { kind: "plaintext" } });

type Deliver = (records: readonly KafkaRecord[]) => Promise<void>;

/** The addresses of the broker. `close` ends everything that was started there. */
export const clients = (brokers: () => string) => {
  const ends: (() => Promise<void>)[] = [];

  const producerOf = (client = clientOf(brokers())): IdempotentProducer => {
    const producer = idempotentProducer(client);
    ends.push(() => producer.disconnect());
    return producer;
  };

  const read = (group: string, topics: readonly string[], deliver: Deliver) => {
    const ports = { kafka: clientOf(brokers()), sleep: () => setTimeout(50), log: memoryLog() };
    const { stop } = subscribe(ports, { group, topics, deliver });
    let stopped: Promise<void> | undefined;
    const stopOnce = () => {
      stopped ??= stop();
      return stopped;
    };
    ends.push(stopOnce);
    return { stop: stopOnce };
  };

  /** A separate application, so that tests share only the broker. */
  const application = async () => {
    const source = `shop-${randomUUID()}`;
    const group = `${source}.checkout`;
    const topic = topicOf(source, "order");
    const topics = [topic, deadLettersOf(group)];
    await createTopics(clientOf(brokers()), topics, { partitions: 4, replicas: 1 });

    /** Retries without a delay. */
    const consume = (handle: Handle) => {
      const deadLetters = kafkaDeadLetters(producerOf(), group);
      const patient = toTheEnd(handle, { sleep: async () => {}, random: () => 0 });
      const interest = { eventTypes: ["OrderPlaced"] };
      return read(group, [topic], deliverer(patient, { interest, deadLetters, log: memoryLog() }));
    };

    const deadLetters = () => {
      const records: KafkaRecord[] = [];
      read(`${group}.reader`, [deadLettersOf(group)], async (all) => void records.push(...all));
      return records;
    };

    const bus = (producer = producerOf()) => kafkaBus(producer, { source });
    return { source, group, topic, bus, consume, deadLetters };
  };

  /** Consumers of a separate application, each a consumer group. */
  const attachTo =
    (categories: readonly string[]): Attach =>
    async (consumers) => {
      const source = `library-${randomUUID()}`;
      const topicIn = (category: string) => topicOf(source, category);
      const groupOf = (name: string) => `${source}.${name}`;
      const topics = [
        ...categories.map(topicIn),
        ...consumers.map(({ name }) => deadLettersOf(groupOf(name))),
      ];
      await createTopics(clientOf(brokers()), topics, { partitions: 4, replicas: 1 });
      for (const { name, interest, handle } of consumers) {
        const deadLetters = kafkaDeadLetters(producerOf(), groupOf(name));
        const deliver = deliverer(handle, { interest, deadLetters, log: memoryLog() });
        read(groupOf(name), interest.categories.map(topicIn), deliver);
      }
      return kafkaBus(producerOf(), { source });
    };

  const close = async () => {
    await Promise.all(ends.splice(0).map((end) => end()));
  };
  return { producerOf, read, application, attachTo, close };
};
