import { expect, test } from "vitest";
import { furtherKeys, routingKey } from "../../../lib/adapters/rabbitmq/routing-key.ts";
import { topology } from "../../../lib/adapters/rabbitmq/topology.ts";
import { recordedEvent } from "../../../lib/testing/contracts/samples/recorded-event.ts";

const checkout = {
  name: "checkout",
  eventTypes: ["OrderPlaced"],
  saga: { name: "checkout" },
};

test("an event is routed by its category and its type", () => {
  expect(routingKey(recordedEvent())).toBe("order.OrderPlaced");
});

test.each([
  ["without a saga", {}, []],
  ["that the saga's own command caused", { commandId: "checkout/1/pay" }, ["saga.checkout.own"]],
  ["that others answer to a saga", { commandId: "effect/1" }, ["saga.checkout.others"]],
  [
    "of a saga whose name is the prefix of another one",
    { commandId: "checkout2/1/pay" },
    ["saga.checkout.others"],
  ],
] as const)("an event %s has these further keys", (_, metadata, keys) => {
  const sagaId = keys.length > 0 ? { sagaId: "checkout/1" } : {};
  expect(furtherKeys(recordedEvent(1, {}, { ...metadata, ...sagaId }))).toEqual(keys);
});

test("each subscription has a queue with one active consumer, and dead letters that cannot be lost on the way", () => {
  const { queues, queueBindings } = topology("shop", [checkout]);
  expect(queues).toEqual([
    {
      queue: "shop.checkout.dead-letters",
      durable: true,
      arguments: { "x-queue-type": "quorum", "x-delivery-limit": 1_000_000 },
    },
    {
      queue: "shop.checkout",
      durable: true,
      arguments: {
        "x-queue-type": "quorum",
        "x-single-active-consumer": true,
        "x-delivery-limit": 20,
        "x-dead-letter-exchange": "shop.dead-letters",
        "x-dead-letter-routing-key": "shop.checkout",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
      },
    },
  ]);
  expect(queueBindings).toEqual([
    { exchange: "shop.dead-letters", queue: "shop.checkout.dead-letters", routingKey: "shop.checkout" },
    { exchange: "shop", queue: "shop.checkout", routingKey: "*.OrderPlaced" },
    { exchange: "shop", queue: "shop.checkout", routingKey: "saga.checkout.others" },
  ]);
});

test("the exchange of the application exists even without subscriptions", () => {
  expect(topology("shop", [])).toEqual({
    exchanges: [{ exchange: "shop", type: "topic", durable: true }],
    queues: [],
    queueBindings: [],
  });
});
