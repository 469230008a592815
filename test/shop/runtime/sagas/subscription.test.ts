/**
 * Which events reach a saga on each bus and engine. Of the events that only its own commands cause, only the decision of
 * an operator is delivered.
 */

import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { expect, test } from "vitest";
import { eventBridgeResources } from "../../../../lib/adapters/eventbridge/construct.ts";
import { kafkaResources } from "../../../../lib/adapters/kafka/construct.ts";
import { bindingKeys, furtherKeys, routingKey } from "../../../../lib/adapters/rabbitmq/routing-key.ts";
import { pattern } from "../../../../lib/local/events/pattern.ts";
import { interestOfSaga, wants } from "../../../../lib/model/delivery/interest.ts";
import { toCloudEvent } from "../../../../lib/model/events/cloud-event.ts";
import { expiryOf, type RecordedEvent, resumeOf } from "../../../../lib/model/message.ts";
import { checkout } from "../../../../lib/shop/sagas/checkout.ts";
import { shop } from "../../../../lib/shop/shop.ts";
import { recordedEvent } from "../../../../lib/testing/contracts/samples/recorded-event.ts";
import { isForSaga } from "../../../simulation/simulated-bus.ts";

const sagaId = "checkout/1";
const commandId = `${sagaId}/reserve-stock/inventory-apple#1`;
const byEffect = "authorize-payment/payment-1@1";

const event = (type: string, metadata: Partial<RecordedEvent["metadata"]>): RecordedEvent => ({
  ...recordedEvent(1, {}, metadata),
  type,
});

const interest = interestOfSaga(checkout, shop.deciders);
const destination = {
  queueArn: "queue",
  deadLettersArn: "letters",
  retry: { attemptsMax: 1, ageSecondsMax: 86_400 },
};
const admitting = { ...destination, admit: () => undefined };

/** The rule of EventBridge, as the local cloud evaluates it. */
const eventBridge = () => {
  const stack = new Stack(new App(), "Stack");
  const { connect } = eventBridgeResources(stack, { source: "shop" }).subscribe(checkout.name, interest);
  connect(stack, { functionName: "choreograph", destination: admitting });
  const [rule] = Object.values(Template.fromStack(stack).findResources("AWS::Events::Rule"));
  const matches = pattern(rule?.Properties.EventPattern);
  return (given: RecordedEvent) => {
    const detail = toCloudEvent(given, "shop");
    return matches({ source: "shop", "detail-type": given.type, detail });
  };
};

/** The filter of the function, from the environment that its construct sets. */
const kafka = () => {
  const stack = new Stack(new App(), "Stack");
  const resources = kafkaResources({ brokers: ["a.example.org:9092"] });
  const { consume } = resources(stack, { source: "shop" }).subscribe(checkout.name, interest);
  const { KAFKA_INTEREST: filter = "" } = consume.environment;
  return wants(JSON.parse(filter));
};

/** The bindings of the queue. */
const rabbitmq = () => {
  const keys = bindingKeys(interest);
  return (given: RecordedEvent) =>
    [routingKey(given), ...furtherKeys(given)].some(
      (key) => keys.includes(key) || keys.includes(`*.${key.split(".").slice(1).join(".")}`),
    );
};

const buses = [
  ["EventBridge", eventBridge()],
  ["Kafka", kafka()],
  ["RabbitMQ", rabbitmq()],
  ["one process", wants(interest)],
  ["the simulation", isForSaga(checkout)],
] as const;

const events: readonly (readonly [string, RecordedEvent, boolean])[] = [
  ["the start", event("OrderPlaced", {}), true],
  ["an outcome from outside", event("OrderApproved", {}), true],
  ["the answer of an effect", event("PaymentAuthorized", { sagaId, commandId: byEffect }), true],
  ["an event of no interest", event("OrderConfirmed", {}), false],
  ["an answer to its own command", event("StockReserved", { sagaId, commandId }), false],
  ["a rejection of its own command", event("CommandRejected", { sagaId, commandId }), false],
  [
    "the expiry of its own command",
    event("CommandExpired", { sagaId, commandId: expiryOf(commandId) }),
    false,
  ],
  ["the decision of an operator", event("CommandResumed", { sagaId, commandId: resumeOf(commandId) }), true],
];

const cases = buses.flatMap(([bus, subscribed]) =>
  events.map(([what, given, isDelivered]) => ({ bus, subscribed, what, given, isDelivered })),
);

test.each(cases)("on $bus, $what is delivered: $isDelivered", ({ subscribed, given, isDelivered }) => {
  expect(subscribed(given)).toBe(isDelivered);
});
