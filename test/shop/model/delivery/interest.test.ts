import { expect, test } from "vitest";
import { interestOfEffect, interestOfSaga, wants } from "../../../../lib/model/delivery/interest.ts";
import { sendConfirmation } from "../../../../lib/shop/orders/send-confirmation.ts";
import { checkout } from "../../../../lib/shop/sagas/checkout.ts";
import { recordedEvent } from "../../../../lib/testing/contracts/samples/recorded-event.ts";

const saga = { name: "checkout", hearsItself: false };

const event = (type: string, metadata: { readonly sagaId?: string; readonly commandId?: string } = {}) => ({
  ...recordedEvent(1, {}, metadata),
  type,
});

const own = { sagaId: "checkout/1", commandId: "checkout/1/reserve/inventory-11#1" };
const others = { sagaId: "checkout/1", commandId: "authorize-payment/1" };

test.each([
  ["an event of a type it names", { eventTypes: ["A"] }, event("A"), true],
  ["an event of another type", { eventTypes: ["A"] }, event("B"), false],
  ["an event of any saga, for an effect", { eventTypes: [] }, event("A", others), false],
  ["what others answer for the saga", { eventTypes: [], saga }, event("A", others), true],
  ["what the saga's own command answers", { eventTypes: [], saga }, event("A", own), false],
  [
    "what its own command answers, where it hears itself",
    { eventTypes: [], saga: { ...saga, hearsItself: true } },
    event("A", own),
    true,
  ],
  [
    "an event of a saga whose name begins alike",
    { eventTypes: [], saga },
    event("A", { sagaId: "checkout-again/1" }),
    false,
  ],
] as const)("%s", (_, interest, given, expected) => {
  expect(wants({ ...interest, eventTypes: [...interest.eventTypes] })(given)).toBe(expected);
});

test("an effect is for the event that it is on", () => {
  expect(interestOfEffect(sendConfirmation)).toEqual({
    categories: ["order"],
    eventTypes: ["OrderConfirmed"],
  });
});

test("a saga is for its start by its type, and for all that belongs to it by its name", () => {
  const { categories, eventTypes, saga } = interestOfSaga(checkout, true);
  expect(saga).toEqual({ name: "checkout", hearsItself: true });
  expect(eventTypes).toContain("OrderPlaced");
  expect([...categories].toSorted()).toEqual(
    expect.arrayContaining(["inventory", "order", "payment", "shipment"]),
  );
});
