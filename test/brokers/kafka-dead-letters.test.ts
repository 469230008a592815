/** The dead letters of Kafka handlers as operators see them, with a real broker. */
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Kafka, startKafka } from "../../bin/brokers/kafka.ts";
import { toMessage } from "../../lib/adapters/kafka/cloud-event.ts";
import { kafkaDeadLetterTopics } from "../../lib/adapters/kafka/dead-letters/dead-letter-topics.ts";
import { kafkaDeadLetters } from "../../lib/adapters/kafka/dead-letters/dead-letters.ts";
import type { KafkaRecord } from "../../lib/adapters/kafka/handler/record.ts";
import { createTopics, deadLettersOf } from "../../lib/adapters/kafka/topics.ts";
import { toDelivery } from "../../lib/adapters/sqs/delivery.ts";
import { foreignEventIn } from "../../lib/adapters/sqs/foreign-delivery.ts";
import { deadLettersContract, handler } from "../../lib/testing/contracts/dead-letters.ts";
import { recordedEvent } from "../../lib/testing/contracts/samples/recorded-event.ts";
import { streams } from "./events.ts";
import { clientOf, clients } from "./kafka-application.ts";

const translator = "hear-warehouse";

let broker: Kafka;
const { producerOf, close } = clients(() => broker.brokers);

beforeAll(async () => {
  broker = await startKafka();
});
afterEach(close);
afterAll(() => broker?.stop());

const isTranslator = (name: string) => name === translator;

type Kept = Pick<KafkaRecord, "value" | "headers"> & { readonly key?: string };

const place = async (of = handler) => {
  const source = `shop-${randomUUID()}`;
  const group = `${source}.${of}`;
  const kafka = clientOf(broker.brokers);
  await createTopics(kafka, [deadLettersOf(group)], { partitions: 3, replicas: 1 });
  const producer = producerOf();
  const bodies: string[] = [];
  let held: Promise<void> | undefined;
  let reach: () => void = () => {};
  /** The next message that is sent waits. */
  const hold = () => {
    let go: () => void = () => {};
    held = new Promise((resolve) => {
      go = resolve;
    });
    const reached = new Promise<void>((resolve) => {
      reach = resolve;
    });
    return { reached, go };
  };
  const send = async (to: string, body: string) => {
    reach();
    await held;
    expect(to).toBe(of);
    bodies.push(body);
  };
  const keep = async ({ key = "order-1", ...kept }: Kept, because = "failed 8 times") => {
    const record = { ...kept, key: Buffer.from(key), topic: "shop.order", partition: 0, offset: "1" };
    await kafkaDeadLetters(producer, group).keep({ record, because, attempts: 8 });
  };
  const add = async (events: Parameters<typeof recordOf>[0][]) => {
    for (const event of events) await keep(recordOf(event));
  };
  return {
    deadLetters: kafkaDeadLetterTopics({ kafka, producer, send }, { source, isTranslator }),
    keep,
    add,
    hold,
    given: async () => bodies.splice(0),
  };
};

const recordOf = (event: ReturnType<typeof recordedEvent>): Kept => {
  const { key, value, headers } = toMessage(event, "shop");
  const pairs = Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)] as const);
  return { key, value: Buffer.from(value), headers: pairs };
};

deadLettersContract("of Kafka, with a broker", async () => {
  const { add, ...others } = await place();
  return { ...others, add: (events) => add([...events]) };
});

test("a redriven event reaches the handler through its queue", async () => {
  const { deadLetters, add, given } = await place();
  await add([recordedEvent(1)]);
  await deadLetters.redrive(handler, (letters) => letters);
  const [body = ""] = await given();
  const delivery = { id: "1", receiveCount: 1 };
  expect(toDelivery({ ...delivery, body })).toEqual({ ...delivery, kind: "event", event: recordedEvent(1) });
});

test("a dead letter that is not redriven keeps its reason, even if later ones of its partition are redriven", async () => {
  const { deadLetters, add } = await place();
  await add([...streams(6, 2)]);
  const isSecond = ({ event }: { readonly event?: { readonly metadata: { readonly version: number } } }) =>
    event?.metadata.version === 2;
  expect(await deadLetters.redrive(handler, (letters) => letters.filter(isSecond))).toEqual({
    count: 6,
    more: false,
  });
  const left = await deadLetters.list(handler, 100);
  expect(left.map(({ event }) => event?.metadata.id).toSorted()).toEqual(
    streams(6, 1).map(({ metadata }) => metadata.id),
  );
  expect(new Set(left.map(({ because }) => because))).toEqual(new Set(["failed 8 times"]));
  expect((await deadLetters.redrive(handler, (letters) => letters)).count).toBe(6);
  expect(await deadLetters.list(handler, 100)).toEqual([]);
});

test("a record without an event is shown with its whole content and the reason why it cannot be read", async () => {
  const { deadLetters, keep } = await place();
  await keep({ value: Buffer.from("hello"), headers: [["trace", Buffer.from("abc")]] }, "unreadable: Error");
  const [deadLetter] = await deadLetters.list(handler, 10);
  expect(deadLetter).toEqual({
    payload: expect.any(String),
    at: expect.any(String),
    because: "unreadable: Error",
  });
  expect(JSON.parse(deadLetter?.payload ?? "")).toMatchObject({ key: "order-1", value: "hello" });
});

test("if two operators redrive at the same time, the second is asked to try later, and the first loses nothing", async () => {
  const { deadLetters, add, given, hold } = await place();
  await add([recordedEvent(1), recordedEvent(2)]);
  const release = hold();
  const first = deadLetters.redrive(handler, (letters) => letters);
  await release.reached;
  await expect(deadLetters.list(handler, 10)).rejects.toThrow("another process is reading");
  release.go();
  expect(await first).toEqual({ count: 2, more: false });
  expect(await given()).toHaveLength(2);
  expect(await deadLetters.list(handler, 10)).toEqual([]);
});

test("without a dead-letter topic there are no dead letters", async () => {
  const { deadLetters } = await place();
  expect(await deadLetters.list("nobody", 10)).toEqual([]);
});

test("a translator gets the event of another system again, in the form in which EventBridge delivers it", async () => {
  const { deadLetters, keep, given } = await place(translator);
  const cloudEvent = { specversion: "1.0", id: "1", source: "warehouse", type: "Counted", data: 7 };
  const headers = [["content-type", Buffer.from("application/cloudevents+json")]] as const;
  await keep({ value: Buffer.from(JSON.stringify(cloudEvent)), headers });
  const { specversion, ...foreign } = cloudEvent;
  expect(await deadLetters.list(translator, 10)).toMatchObject([{ foreign }]);
  await deadLetters.redrive(translator, (letters) => letters);
  expect((await given()).map(foreignEventIn)).toMatchObject([foreign]);
});
