import { expect, test } from "vitest";
import { interestOfEffect, interestOfSaga, wants } from "../../../../lib/model/delivery/interest.ts";
import { sendConfirmation } from "../../../../lib/shop/orders/send-confirmation.ts";
import { checkout } from "../../../../lib/shop/sagas/checkout.ts";
import { shop } from "../../../../lib/shop/shop.ts";
import { recordedEvent } from "../../../../lib/testing/contracts/samples/recorded-event.ts";

const saga = { name: "checkout" };

const event = (type: string, metadata: { readonly sagaId?: string; readonly commandId?: string } = {}) => ({
  ...recordedEvent(1, {}, metadata),
  type,
});

const own = { sagaId: "checkout/1", commandId: "checkout/1/reserve/inventory-11#1" };
const others = { sagaId: "checkout/1", commandId: "authorize-payment/1" };

test.each([
  ["an event of a type that it names", { eventTypes: ["A"] }, event("A"), true],
  ["an event of another type", { eventTypes: ["A"] }, event("B"), false],
  ["an event of any saga if it is the filter of an effect", { eventTypes: [] }, event("A", others), false],
  [
    "an answer to a command of others that belongs to the saga",
    { eventTypes: [], saga },
    event("A", others),
    true,
  ],
  ["an answer to the saga's own command", { eventTypes: [], saga }, event("A", own), false],
  [
    "an event of a saga whose name has the same beginning",
    { eventTypes: [], saga },
    event("A", { sagaId: "checkout-again/1" }),
    false,
  ],
] as const)("%s", (_, interest, given, expected) => {
  expect(wants({ ...interest, eventTypes: [...interest.eventTypes] })(given)).toBe(expected);
});

test("an effect subscribes to its event", () => {
  expect(interestOfEffect(sendConfirmation, shop.deciders)).toEqual({
    categories: ["order"],
    eventTypes: ["OrderConfirmed"],
  });
});

test("a saga subscribes to its start and to decisions of operators by type, and to answers of others by name", () => {
  const { categories, eventTypes, saga } = interestOfSaga(checkout, shop.deciders);
  expect(saga).toEqual({ name: "checkout" });
  expect(eventTypes).toEqual(expect.arrayContaining(["OrderPlaced", "CommandResumed"]));
  expect([...categories].toSorted()).toEqual(
    expect.arrayContaining(["inventory", "order", "payment", "shipment"]),
  );
});
