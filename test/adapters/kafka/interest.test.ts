import { expect, test } from "vitest";
import { wants } from "../../../lib/adapters/kafka/interest.ts";
import { recordedEvent } from "../../contracts/recorded-event.ts";

const saga = { name: "checkout", hearsItself: false };

const event = (type: string, metadata: { readonly sagaId?: string; readonly commandId?: string } = {}) => ({
  ...recordedEvent(1, {}, metadata),
  type,
});

const ownAnswer = event("StockReserved", {
  sagaId: "checkout/1",
  commandId: "checkout/1/reserve/inventory-11#1",
});
const othersAnswer = event("PaymentAuthorized", { sagaId: "checkout/1", commandId: "authorize-payment/1" });
const otherSagas = event("PaymentAuthorized", { sagaId: "checkout-again/1" });

test.each([
  ["an event of a type it names", { eventTypes: ["OrderPlaced"] }, event("OrderPlaced"), true],
  ["an event of another type", { eventTypes: ["OrderPlaced"] }, event("OrderConfirmed"), false],
  ["an event of any saga, for an effect", { eventTypes: [] }, othersAnswer, false],
  ["what others answer for the saga", { eventTypes: [], saga }, othersAnswer, true],
  ["what the saga's own command answers", { eventTypes: [], saga }, ownAnswer, false],
  [
    "what the saga's own command answers, where it hears itself",
    { eventTypes: [], saga: { ...saga, hearsItself: true } },
    ownAnswer,
    true,
  ],
  ["an event of another saga, whose name begins alike", { eventTypes: [], saga }, otherSagas, false],
  ["an event of no saga", { eventTypes: [], saga }, event("OrderConfirmed"), false],
] as const)("%s", (_, interest, given, expected) => {
  expect(wants({ ...interest, eventTypes: [...interest.eventTypes] })(given)).toBe(expected);
});
