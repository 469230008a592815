import { expect, test } from "vitest";
import { toMessage } from "../../../../lib/adapters/kafka/cloud-event.ts";
import { kafkaDeadLetters } from "../../../../lib/adapters/kafka/dead-letters/dead-letters.ts";
import { deliverer } from "../../../../lib/adapters/kafka/handler/deliver.ts";
import { kafkaHandler } from "../../../../lib/adapters/kafka/handler/handler.ts";
import { memoryLog } from "../../../../lib/adapters/memory/log.ts";
import type { RecordedEvent } from "../../../../lib/model/message.ts";
import { type Delivery, retry } from "../../../../lib/ports/delivery.ts";
import { toTheEnd } from "../../../../lib/runtime/handlers/to-the-end.ts";
import { recordedEvent } from "../../../../lib/testing/contracts/samples/recorded-event.ts";
import { memoryProducer, unreachable } from "../memory-producer.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Signed bytes, as in Java. */
const signed = (text: string) => [...new Int8Array(Buffer.from(text))];

const record = (offset: number, value: string, headers: Readonly<Record<string, string>>, partition = 0) => ({
  topic: "shop.order",
  partition,
  offset,
  timestamp: 1545084650987,
  timestampType: "CREATE_TIME",
  key: base64("order-1"),
  value: base64(value),
  headers: Object.entries(headers).map(([name, text]) => ({ [name]: signed(text) })),
});

const eventRecord = (offset: number, event: RecordedEvent, partition = 0) => {
  const { value, headers } = toMessage(event, "shop");
  return record(offset, value, headers, partition);
};

const payload = (records: Readonly<Record<string, readonly object[]>>) => ({
  eventSource: "SelfManagedKafka",
  bootstrapServers: "b-1.example.org:9092",
  records,
});

type HandlingOptions = {
  readonly producer?: ReturnType<typeof memoryProducer>;
  readonly attempts?: number;
};

/** Runs the handler. `isFailing` says which of the deliveries fail. */
const handling = async (
  event: object,
  isFailing: (delivery: Delivery) => boolean = () => false,
  { producer = memoryProducer(), attempts }: HandlingOptions = {},
) => {
  const log = memoryLog();
  const calls: (readonly Delivery[])[] = [];
  const pauses: number[] = [];
  const handle = toTheEnd<Delivery>(
    async (deliveries) => {
      calls.push(deliveries);
      return deliveries.filter(isFailing).map(({ id }) => retry(id));
    },
    { attempts, sleep: async (milliseconds) => void pauses.push(milliseconds), random: () => 0 },
  );
  const deliver = deliverer(handle, {
    interest: { eventTypes: ["OrderPlaced"] },
    deadLetters: kafkaDeadLetters(producer, "send-confirmation"),
    log,
  });
  await kafkaHandler(deliver)(event);
  return { calls, pauses, log, deadLetters: producer.requests };
};

const idsIn = (calls: readonly (readonly Delivery[])[]) => calls.map((call) => call.map(({ id }) => id));

test("records of all partitions are deliveries of events, each partition in its order", async () => {
  const odd = recordedEvent(3, { note: "Größe √" }, { actor: "Jürgen" });
  const { calls, deadLetters } = await handling(
    payload({
      "shop.order-0": [eventRecord(7, recordedEvent(1)), eventRecord(8, recordedEvent(2))],
      "shop.order-3": [eventRecord(2, odd, 3)],
    }),
  );
  expect(calls).toEqual([
    [
      { id: "shop.order-0@7", receiveCount: 1, blocksOthers: true, kind: "event", event: recordedEvent(1) },
      { id: "shop.order-0@8", receiveCount: 1, blocksOthers: true, kind: "event", event: recordedEvent(2) },
      { id: "shop.order-3@2", receiveCount: 1, blocksOthers: true, kind: "event", event: odd },
    ],
  ]);
  expect(deadLetters).toEqual([]);
});

test("bytes of headers may also be unsigned", async () => {
  const event = recordedEvent(1, {}, { actor: "Jürgen" });
  const { headers, ...rest } = eventRecord(1, event);
  const unsigned = headers.map((header) =>
    Object.fromEntries(Object.entries(header).map(([name, bytes]) => [name, [...Uint8Array.from(bytes)]])),
  );
  const { calls } = await handling(payload({ "shop.order-0": [{ ...rest, headers: unsigned }] }));
  expect(calls).toMatchObject([[{ event }]]);
});

test("a failed event is retried with the later ones of its stream, after growing delays", async () => {
  const other = recordedEvent(1, {}, { id: "order-2@1", streamId: "order-2" });
  const records = [1, 2, 3].map((offset) => eventRecord(offset, recordedEvent(offset)));
  const { calls, pauses, deadLetters } = await handling(
    payload({ "shop.order-0": [...records, eventRecord(4, other)] }),
    ({ id, receiveCount }) => id === "shop.order-0@2" && receiveCount < 4,
  );
  const both = ["shop.order-0@2", "shop.order-0@3"];
  expect(idsIn(calls).slice(1)).toEqual([both, both, both]);
  expect(calls.at(-1)).toMatchObject([{ receiveCount: 4 }, { receiveCount: 4 }]);
  expect(pauses).toEqual([1000, 2000, 4000]);
  expect(deadLetters).toEqual([]);
});

test("an event that keeps failing becomes a dead letter: unchanged, with the reason, and logged", async () => {
  const { calls, pauses, log, deadLetters } = await handling(
    payload({ "shop.order-0": [eventRecord(1, recordedEvent(1)), eventRecord(2, recordedEvent(2))] }),
    ({ id }) => id === "shop.order-0@2",
  );
  const { value, headers } = toMessage(recordedEvent(2), "shop");
  expect(deadLetters).toMatchObject([
    {
      topic: "send-confirmation.dead-letters",
      messages: [
        {
          key: Buffer.from("order-1"),
          value: Buffer.from(value),
          headers: {
            ...Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, [Buffer.from(text)]])),
            "dead-letter-from": "shop.order-0@2",
            "dead-letter-because": "failed 8 times",
            "dead-letter-attempts": "8",
          },
        },
      ],
    },
  ]);
  expect(calls).toHaveLength(8);
  expect(pauses.reduce((sum, each) => sum + each)).toBeGreaterThan(60_000);
  expect(log.counted()).toEqual(["DeliveryFailing"]);
});

test("an event that keeps failing is attempted as often as its effect says", async () => {
  const records = { "shop.order-0": [eventRecord(1, recordedEvent(1))] };
  const { calls, deadLetters } = await handling(payload(records), () => true, { attempts: 5 });
  expect(calls).toHaveLength(5);
  expect(deadLetters.flatMap(({ messages }) => messages)).toMatchObject([
    { headers: { "dead-letter-because": "failed 5 times", "dead-letter-attempts": "5" } },
  ]);
});

test("an unreadable record becomes a dead letter at once and does not block the others", async () => {
  const foreign = { ...record(1, "hello", { trace: "abc" }), key: null };
  const { calls, deadLetters } = await handling(
    payload({ "shop.order-0": [foreign, eventRecord(2, recordedEvent(2))] }),
  );
  expect(idsIn(calls)).toEqual([["shop.order-0@2"]]);
  expect(deadLetters.flatMap(({ messages }) => messages)).toMatchObject([
    {
      key: null,
      value: Buffer.from("hello"),
      headers: {
        trace: [Buffer.from("abc")],
        "dead-letter-because": expect.stringContaining("not a CloudEvent"),
        "dead-letter-attempts": "0",
      },
    },
  ]);
});

test("a tombstone and a header that occurs twice are stored unchanged", async () => {
  const twice = [{ a: signed("1") }, { a: signed("2") }];
  const { deadLetters } = await handling(
    payload({ "shop.order-0": [{ ...record(1, "", {}), value: null, headers: twice }] }),
  );
  expect(deadLetters.flatMap(({ messages }) => messages)).toMatchObject([
    { value: null, headers: { a: [Buffer.from("1"), Buffer.from("2")] } },
  ]);
});

test("a header without a value is empty, and the batch is accepted", async () => {
  const { headers, ...rest } = eventRecord(1, recordedEvent(1));
  const withNull = { ...rest, headers: [...headers, { note: null }] };
  const { calls, deadLetters } = await handling(payload({ "shop.order-0": [withNull] }));
  expect(idsIn(calls)).toEqual([["shop.order-0@1"]]);
  expect(deadLetters).toEqual([]);
});

test("events that the subscription does not want are skipped", async () => {
  const other = { ...recordedEvent(1), type: "OrderConfirmed" };
  const records = [eventRecord(1, other), eventRecord(2, recordedEvent(2))];
  const { calls, deadLetters } = await handling(payload({ "shop.order-0": records }));
  expect(idsIn(calls)).toEqual([["shop.order-0@2"]]);
  expect(deadLetters).toEqual([]);
});

test("a handler is not called without deliveries", async () => {
  const { calls } = await handling(payload({ "shop.order-0": [record(1, "hello", {})] }));
  expect(calls).toEqual([]);
});

test("if a dead letter cannot be stored, the batch is redelivered", async () => {
  const producer = memoryProducer(unreachable);
  const event = payload({ "shop.order-0": [record(1, "hello", {})] });
  await expect(handling(event, undefined, { producer })).rejects.toThrow("ECONNREFUSED");
});

test("an event that is not a batch of Kafka is refused", async () => {
  await expect(handling({ Records: [] })).rejects.toThrow("records");
});
