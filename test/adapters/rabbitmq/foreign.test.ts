/**
 * Events of another system in RabbitMQ: where they arrive, which of them are delivered, and which become dead
 * letters.
 */
import { App, Stack } from "aws-cdk-lib";
import { expect, test } from "vitest";
import { rabbitMqResources } from "../../../lib/adapters/rabbitmq/construct.ts";
import { foreignDeliverer, type Incoming } from "../../../lib/adapters/rabbitmq/handler/deliver.ts";
import { declaration } from "../../../lib/adapters/rabbitmq/settings.ts";
import { subscriptionTopology } from "../../../lib/adapters/rabbitmq/topology.ts";
import { dead, type ForeignDelivery, retry } from "../../../lib/ports/delivery.ts";
import { toTheEnd } from "../../../lib/runtime/handlers/to-the-end.ts";

const subscription = { name: "stock-deliveries", source: "warehouse", eventTypes: ["StockDelivered"] };

test("another system has its own exchange, and a queue that is bound there is bound to no other exchange", () => {
  const { exchanges, queueBindings } = subscriptionTopology("shop", subscription);
  expect(exchanges).toEqual([
    { exchange: "shop.from.warehouse", type: "topic", durable: true },
    { exchange: "shop.dead-letters", type: "direct", durable: true },
  ]);
  expect(queueBindings).toEqual([
    { exchange: "shop.from.warehouse", queue: "shop.stock-deliveries", routingKey: "*.StockDelivered" },
  ]);
});

test("a publisher knows from its environment which source a subscription is for", () => {
  const stack = new Stack(new App(), "Stack");
  const options = { url: "amqps://b-1.example.org:5671", brokerArn: "broker", secretArn: "secret" };
  const { publish, subscribe } = rabbitMqResources(options)(stack, { source: "shop" });
  const { source, eventTypes, name } = subscription;
  subscribe(name, { source, eventTypes, categories: ["stock"] });
  expect(declaration(stack.resolve(publish).environment.EVENT_SUBSCRIPTIONS)).toEqual([subscription]);
});

const incoming = (id: string, body: string): Incoming => ({
  id: `m-${id}`,
  queue: "shop.stock-deliveries",
  receiveCount: 1,
  message: {
    contentType: "application/json",
    headers: {
      cloudEvents_specversion: "1.0",
      cloudEvents_id: id,
      cloudEvents_source: "warehouse",
      cloudEvents_type: "StockDelivered",
      cloudEvents_time: new Date("2026-01-31T12:00:00Z"),
    },
    body: Buffer.from(body),
  },
});

test("an event that is never accepted becomes a dead letter at once, with the reason; a failed event is retried alone", async () => {
  const rounds: ForeignDelivery[][] = [];
  const deadLetters: string[] = [];
  const deliver = foreignDeliverer(
    toTheEnd<ForeignDelivery>(
      async (all) => {
        rounds.push([...all]);
        return rounds.length === 1 ? [dead("m-bad", "untranslatable: no pieces"), retry("m-busy")] : [];
      },
      { sleep: async () => {}, random: () => 0 },
    ),
    {
      deadLetters: { keep: async (_, __, because) => void deadLetters.push(because) },
      log: { write: () => {}, count: () => {} },
    },
  );
  await deliver([incoming("bad", "{}"), incoming("busy", '{"pieces":1}'), incoming("fine", '{"pieces":2}')]);
  expect(deadLetters).toEqual(["untranslatable: no pieces"]);
  expect(rounds.map((round) => round.map(({ id, receiveCount }) => [id, receiveCount]))).toEqual([
    [
      ["m-bad", 1],
      ["m-busy", 1],
      ["m-fine", 1],
    ],
    [["m-busy", 2]],
  ]);
  expect(rounds[0]?.[1]?.event).toEqual({
    id: "busy",
    source: "warehouse",
    type: "StockDelivered",
    time: "2026-01-31T12:00:00.000Z",
    data: { pieces: 1 },
  });
});
