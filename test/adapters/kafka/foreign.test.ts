/**
 * Events of another system in Kafka: which of them are delivered, in what order they are retried, and which become
 * dead letters.
 */
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { expect, test } from "vitest";
import { kafkaResources } from "../../../lib/adapters/kafka/construct.ts";
import { kafkaDeadLetters } from "../../../lib/adapters/kafka/dead-letters/dead-letters.ts";
import { foreignDeliverer } from "../../../lib/adapters/kafka/handler/deliver.ts";
import type { KafkaRecord } from "../../../lib/adapters/kafka/handler/record.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import { dead, type ForeignDelivery, retry } from "../../../lib/ports/delivery.ts";
import { toTheEnd } from "../../../lib/runtime/handlers/to-the-end.ts";
import { memoryProducer } from "./memory-producer.ts";

const bytes = (text: string) => new Uint8Array(Buffer.from(text));

const recordOf = (
  offset: number,
  { data = {}, ...attributes }: { readonly id: string; readonly [name: string]: unknown },
  key?: string,
): KafkaRecord => ({
  topic: "warehouse.stock",
  partition: 0,
  offset: `${offset}`,
  key: key === undefined ? undefined : bytes(key),
  value: bytes(JSON.stringify(data)),
  headers: Object.entries({
    specversion: "1.0",
    source: "warehouse",
    type: "StockDelivered",
    ...attributes,
  }).map(([name, value]) => [`ce_${name}`, bytes(`${value}`)]),
});

const delivering = async (records: readonly KafkaRecord[], fails: (id: string) => boolean = () => false) => {
  const calls: ForeignDelivery[][] = [];
  const producer = memoryProducer();
  const handle = toTheEnd<ForeignDelivery>(
    async (all) => {
      calls.push([...all]);
      return all.flatMap(({ id, event }) => {
        if (event.id.startsWith("bad")) return [dead(id, "untranslatable: no pieces")];
        return fails(event.id) ? [retry(id)] : [];
      });
    },
    { sleep: async () => {}, random: () => 0 },
  );
  const deliver = foreignDeliverer(handle, {
    interest: { source: "warehouse", eventTypes: ["StockDelivered"] },
    deadLetters: kafkaDeadLetters(producer, "shop.stock-deliveries"),
    log: memoryLog(),
  });
  await deliver(records);
  const deadLetters = producer.requests.flatMap(({ messages }) => messages.map(({ headers }) => headers));
  return { calls: calls.map((call) => call.map(({ event }) => event.id)), first: calls[0]?.[0], deadLetters };
};

test("only the wanted events of the other system are delivered, unchanged", async () => {
  const { calls, first, deadLetters } = await delivering([
    recordOf(1, { id: "1", data: { pieces: 1 }, time: "2026-01-31T12:00:00Z" }),
    recordOf(2, { id: "2", type: "StockCounted" }),
    recordOf(3, { id: "3", source: "bakery" }),
  ]);
  expect(calls).toEqual([["1"]]);
  expect(first).toEqual({
    id: "warehouse.stock-0@1",
    receiveCount: 1,
    blocksOthers: true,
    event: {
      id: "1",
      source: "warehouse",
      type: "StockDelivered",
      time: "2026-01-31T12:00:00Z",
      data: { pieces: 1 },
    },
  });
  expect(deadLetters).toEqual([]);
});

test("an event that is never accepted, or that is not a CloudEvent, becomes a dead letter at once, with the reason", async () => {
  const noEvent = { ...recordOf(2, { id: "2" }), headers: [] };
  const { calls, deadLetters } = await delivering([
    recordOf(1, { id: "bad" }),
    noEvent,
    recordOf(3, { id: "3" }),
  ]);
  expect(calls).toEqual([["bad", "3"]]);
  expect(deadLetters).toMatchObject([
    {
      "dead-letter-because": expect.stringMatching(/^unreadable: not a CloudEvent/),
      "dead-letter-attempts": "0",
    },
    { "dead-letter-because": "untranslatable: no pieces", "dead-letter-attempts": "1" },
  ]);
});

test("a failed event is retried with the later ones of its key; without a key, alone", async () => {
  const all = [
    recordOf(1, { id: "1" }, "pear"),
    recordOf(2, { id: "2" }, "fig"),
    recordOf(3, { id: "3" }, "pear"),
    recordOf(4, { id: "4" }),
    recordOf(5, { id: "5" }),
  ];
  let failures = 2;
  const { calls } = await delivering(all, (id) => ["1", "4"].includes(id) && failures-- > 0);
  expect(calls).toEqual([
    ["1", "2", "3", "4", "5"],
    ["1", "3", "4"],
  ]);
});

test("a mapping reads the topic of the other system, in a group of the application", () => {
  const stack = new Stack(new App(), "Stack");
  const { subscribe } = kafkaResources({ brokers: ["a.example.org:9092"] })(stack, { source: "shop" });
  const interest = { source: "warehouse", categories: ["stock"], eventTypes: ["StockDelivered"] };
  const { consume, connect } = subscribe("stock-deliveries", interest);
  const destination = {
    queueArn: "queue",
    deadLettersArn: "dead-letters",
    retry: { attemptsMax: 1, ageSecondsMax: 1 },
    admit: () => expect.unreachable(),
  };
  connect(stack, { functionName: "translate", destination });
  expect(JSON.parse(consume.environment.KAFKA_INTEREST ?? "")).toEqual({
    source: "warehouse",
    eventTypes: ["StockDelivered"],
  });
  Template.fromStack(stack).hasResourceProperties("AWS::Lambda::EventSourceMapping", {
    Topics: ["warehouse.stock"],
    SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: "shop.stock-deliveries.stock" },
  });
});
