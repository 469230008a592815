import { CompressionTypes, type Kafka, type ProducerConfig, type ProducerRecord } from "kafkajs";
import { expect, test } from "vitest";
import { idempotentProducer } from "../../../lib/adapters/kafka/producer.ts";

type Step = string;

/** A client whose requests end as `answers` say. It records its calls, with a number for each producer. */
const client = (answers: (record: ProducerRecord) => Promise<unknown>) => {
  const steps: Step[] = [];
  const configurations: ProducerConfig[] = [];
  const requests: ProducerRecord[] = [];
  const kafka = {
    producer: (configuration: ProducerConfig) => {
      const number = configurations.push(configuration);
      return {
        connect: async () => void steps.push(`${number} connects`),
        disconnect: async () => void steps.push(`${number} disconnects`),
        send: async (record: ProducerRecord) => {
          requests.push(record);
          steps.push(`${number} sends ${record.messages.map(({ value }) => value)}`);
          await answers(record);
          steps.push(`${number} has sent ${record.messages.map(({ value }) => value)}`);
        },
      };
    },
    // The parts of the client that are used.
  } as unknown as Pick<Kafka, "producer">;
  return { kafka, steps, configurations, requests };
};

test("it numbers its messages, waits for all replicas, and creates no topics", async () => {
  const { kafka, configurations, requests } = client(async () => {});
  await idempotentProducer(kafka).send("shop.order", [{ key: "order-1", value: "a" }]);
  expect(configurations).toMatchObject([
    { idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false },
  ]);
  expect(requests).toEqual([
    {
      topic: "shop.order",
      messages: [{ key: "order-1", value: "a" }],
      acks: -1,
      compression: CompressionTypes.GZIP,
    },
  ]);
});

test("it has one request in progress at a time", async () => {
  const { kafka, steps } = client(async () => {});
  const producer = idempotentProducer(kafka);
  await Promise.all(["a", "b"].map((value) => producer.send("topic", [{ value }])));
  expect(steps).toEqual(["1 connects", "1 sends a", "1 has sent a", "1 sends b", "1 has sent b"]);
});

test("after a failed request a new producer starts", async () => {
  const { kafka, steps } = client(async ({ messages: [first] }) => {
    if (first?.value === "a") throw new Error("timed out");
  });
  const producer = idempotentProducer(kafka);
  const [a, b] = await Promise.allSettled(["a", "b"].map((value) => producer.send("topic", [{ value }])));
  expect([a?.status, b?.status]).toEqual(["rejected", "fulfilled"]);
  expect(steps).toEqual([
    "1 connects",
    "1 sends a",
    "1 disconnects",
    "2 connects",
    "2 sends b",
    "2 has sent b",
  ]);
});

test("after disconnecting it connects again for the next request", async () => {
  const { kafka, steps } = client(async () => {});
  const producer = idempotentProducer(kafka);
  await producer.disconnect();
  await producer.send("topic", [{ value: "a" }]);
  await producer.disconnect();
  await producer.send("topic", [{ value: "b" }]);
  expect(steps.filter((step) => step.includes("connects"))).toEqual([
    "1 connects",
    "1 disconnects",
    "2 connects",
  ]);
});
