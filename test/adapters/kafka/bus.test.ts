import type { Message } from "kafkajs";
import { expect, test } from "vitest";
import { kafkaBus } from "../../../lib/adapters/kafka/bus.ts";
import { recordedEventOf } from "../../../lib/adapters/kafka/cloud-event.ts";
import type { Metadata, RecordedEvent } from "../../../lib/model/message.ts";
import { busContract } from "../../../lib/testing/contracts/bus.ts";
import { recordedEvent } from "../../../lib/testing/contracts/samples/recorded-event.ts";
import { memoryProducer, refusal, type Sent, unreachable } from "./memory-producer.ts";

const bus = (producer: ReturnType<typeof memoryProducer>) => kafkaBus(producer, { source: "shop" });

const eventIn = (message: Message): RecordedEvent =>
  recordedEventOf({
    value: Buffer.from(message.value ?? ""),
    headers: Object.entries(message.headers ?? {}).map(([name, text]) => [name, Buffer.from(String(text))]),
  });

const idsOf = ({ messages }: Sent) => messages.map((message) => eventIn(message).metadata.id);

const of = (streamId: Metadata["streamId"], version: number, data = {}) =>
  recordedEvent(version, data, { id: `${streamId}@${version}`, streamId });

/** So large that two of them exceed one request. */
const large = { note: "x".repeat(600_000) };
const tooLarge = { note: "x".repeat(1_000_000) };

busContract("of Kafka, with a producer in memory", async () => {
  let isReachable = true;
  const producer = memoryProducer(() => (isReachable ? undefined : unreachable()));
  return {
    bus: bus(producer),
    received: async () => producer.requests.flatMap(({ messages }) => messages.map(eventIn)),
    refused: of("order-2", 1, tooLarge),
    cutOff: () => {
      isReachable = false;
    },
  };
});

test("a category is a topic, and a stream a key", async () => {
  const producer = memoryProducer();
  await bus(producer).publish([of("order-1", 1), of("payment-1", 1), of("order-2", 1), of("order-1", 2)]);
  expect(producer.requests.map(({ topic, messages }) => [topic, messages.map(({ key }) => key)])).toEqual([
    ["shop.order", ["order-1", "order-2", "order-1"]],
    ["shop.payment", ["payment-1"]],
  ]);
});

test("an event that exceeds a request goes with the next one, in order", async () => {
  const producer = memoryProducer();
  await bus(producer).publish([of("order-1", 1, large), of("order-1", 2), of("order-1", 3, large)]);
  expect(producer.requests.map(idsOf)).toEqual([["order-1@1", "order-1@2"], ["order-1@3"]]);
});

test("after an event that is not accepted, no later one of its topic is sent", async () => {
  const producer = memoryProducer(({ messages }) =>
    messages.some((message) => eventIn(message).metadata.id === "order-1@2")
      ? refusal("NOT_ENOUGH_REPLICAS")
      : undefined,
  );
  const events = [of("order-1", 1, large), of("order-1", 2, large), of("order-1", 3, large)];
  const because = "NOT_ENOUGH_REPLICAS: the broker says NOT_ENOUGH_REPLICAS";
  expect(await bus(producer).publish(events)).toEqual([
    { kind: "published" },
    { kind: "failed", because },
    { kind: "failed", because },
  ]);
  expect(producer.requests.map(idsOf)).toEqual([["order-1@1"]]);
});

test("an event that is too large is left out, and the later ones of its stream are sent", async () => {
  const producer = memoryProducer();
  const events = [of("order-1", 1), of("order-1", 2, tooLarge), of("order-2", 1), of("order-1", 3)];
  expect(await bus(producer).publish(events)).toEqual([
    { kind: "published" },
    { kind: "refused", because: "the message has more than 1000000 bytes" },
    { kind: "published" },
    { kind: "published" },
  ]);
  expect(producer.requests.map(idsOf)).toEqual([["order-1@1", "order-2@1", "order-1@3"]]);
});

test.each(["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE", "INVALID_RECORD", "CORRUPT_MESSAGE"])(
  "%s is permanent: each message is sent alone, and one is refused",
  async (type) => {
    const producer = memoryProducer(({ messages }) =>
      messages.some((message) => eventIn(message).metadata.id === "order-2@1") ? refusal(type) : undefined,
    );
    const events = [of("order-1", 1), of("order-2", 1), of("order-1", 2), of("payment-1", 1)];
    expect(await bus(producer).publish(events)).toEqual([
      { kind: "published" },
      { kind: "refused", because: `${type}: the broker says ${type}` },
      { kind: "published" },
      { kind: "published" },
    ]);
    expect(producer.requests.map(idsOf)).toEqual([["order-1@1"], ["order-1@2"], ["payment-1@1"]]);
  },
);

test("a failure while messages are sent alone stops the later ones", async () => {
  const faults = new Map([
    ["order-1@1", "MESSAGE_TOO_LARGE"],
    ["order-1@2", "NOT_ENOUGH_REPLICAS"],
  ]);
  const producer = memoryProducer(({ messages }) => {
    const [first] = messages.flatMap((message) => faults.get(eventIn(message).metadata.id) ?? []);
    return first ? refusal(first) : undefined;
  });
  const events = [of("order-1", 1), of("order-1", 2), of("order-1", 3)];
  expect((await bus(producer).publish(events)).map(({ kind }) => kind)).toEqual([
    "refused",
    "failed",
    "failed",
  ]);
  expect(producer.requests).toEqual([]);
});

test("a string that UTF-8 cannot encode is refused instead of corrupted, except in data, where JSON can", async () => {
  const producer = memoryProducer();
  const events = [
    recordedEvent(1, {}, { actor: "\ud800" }),
    of("order-\udfff", 1),
    of("order-3", 1, { note: "\ud800" }),
  ];
  expect((await bus(producer).publish(events)).map(({ kind }) => kind)).toEqual([
    "refused",
    "refused",
    "published",
  ]);
  expect(producer.requests.flatMap(({ messages }) => messages.map(eventIn))).toEqual([events[2]]);
});

test("a topic that a broker refuses fails alone, with the broker's reason, and gets no further messages", async () => {
  const producer = memoryProducer(({ topic }) =>
    topic === "shop.order" ? refusal("UNKNOWN_TOPIC_OR_PARTITION") : undefined,
  );
  const events = [of("order-1", 1, large), of("payment-1", 1), of("order-2", 1, large)];
  const failed = {
    kind: "failed",
    because: "UNKNOWN_TOPIC_OR_PARTITION: the broker says UNKNOWN_TOPIC_OR_PARTITION",
  };
  expect(await bus(producer).publish(events)).toEqual([failed, { kind: "published" }, failed]);
  expect(producer.requests.map(({ topic }) => topic)).toEqual(["shop.payment"]);
});
