/** Dead letters that Kafka refuses permanently: as much of them is stored as it accepts. */
import { expect, test } from "vitest";
import { kafkaDeadLetters } from "../../../../lib/adapters/kafka/dead-letters/dead-letters.ts";
import { memoryProducer, refusal, unreachable } from "../memory-producer.ts";

const deadLetter = (text: string) => ({
  record: {
    topic: "warehouse.stock",
    partition: 3,
    offset: "7",
    key: Buffer.from("key"),
    value: Buffer.from(text),
    headers: [["ce_id", Buffer.from("1")] as const],
  },
  because: "no",
  attempts: 5,
});

test("a dead letter that a broker refuses permanently is stored without its content, with its place, and the next one is stored", async () => {
  const producer = memoryProducer(({ messages }) =>
    messages.some(({ value }) => `${value}` === "large") ? refusal("MESSAGE_TOO_LARGE") : undefined,
  );
  const { keep } = kafkaDeadLetters(producer, "shop.restock");
  await keep(deadLetter("large"));
  await keep(deadLetter("{}"));
  const [first, second] = producer.requests.flatMap(({ messages }) => messages);
  const why = "MESSAGE_TOO_LARGE: the broker says MESSAGE_TOO_LARGE";
  expect(first).toEqual({
    key: Buffer.from("key"),
    value: null,
    headers: {
      "dead-letter-from": "warehouse.stock-3@7",
      "dead-letter-because": `(content left out because Kafka refuses it: ${why}) no`,
      "dead-letter-attempts": "5",
    },
  });
  expect(second).toMatchObject({ value: Buffer.from("{}"), headers: { "dead-letter-because": "no" } });
});

test.each([
  ["out of reach", unreachable(), "connect ECONNREFUSED"],
  ["a transient fault", refusal("NOT_ENOUGH_REPLICAS"), "shop.restock.dead-letters: NOT_ENOUGH_REPLICAS"],
  [
    "a broker that refuses even the rest",
    refusal("INVALID_RECORD"),
    "shop.restock.dead-letters: INVALID_RECORD",
  ],
])("%s is thrown: the records are redelivered", async (_, fault, message) => {
  const producer = memoryProducer(() => fault);
  await expect(kafkaDeadLetters(producer, "shop.restock").keep(deadLetter("{}"))).rejects.toThrow(message);
  expect(producer.requests).toEqual([]);
});
