import { expect, test } from "vitest";
import { toEventsDocument } from "../../../../lib/compile/documents/events-document.ts";
import { exampleOf } from "../../../../lib/compile/schemas/example.ts";
import { inputSchema, outputSchema } from "../../../../lib/compile/schemas/schemas.ts";
import { receipts } from "../../../../lib/model/message.ts";
import { shop } from "../../../../lib/shop/shop.ts";
import { application as library } from "../../../library/lib/application.ts";

const text = toEventsDocument(shop);

const sectionOf = (type: string): string => text.split(`### ${type}\n`)[1]?.split("\n##")[0] ?? "";

test.each([
  ["OrderPlaced", "Emitted by order. Consumers: projection order-summary, saga checkout."],
  ["PaymentRequested", "Consumers: projection order-summary, effect authorize-payment."],
  ["PaymentDeclined", "Emitted by payment. Consumers: saga checkout."],
  [
    "StockReserved",
    "Consumers: projection stock-level. Read in the answer to its own command: saga checkout.",
  ],
  ["CommandResumed", "Consumers: saga checkout, saga restock."],
])("%s has its emitter and its consumers, or the saga that finds it in an answer", (type, words) => {
  expect(sectionOf(type)).toContain(words);
});

test("a foreign event has its translator, its fields and the resulting command", () => {
  const section = sectionOf("StockDelivered of warehouse");
  expect(section).toContain(
    "Published on `warehouse.stock`. The translator stock-deliveries turns it into the command ReceiveStock",
  );
  expect(section).toContain("| `pieces` | integer | yes | exclusiveMinimum 0 |");
  expect(text).toMatch(/\| ReceiveStock \| .*translator stock-deliveries \|/);
  expect(toEventsDocument({ ...shop, translators: [] })).not.toContain("other systems");
});

test("an event without consumers says so", () => {
  const lonely = toEventsDocument({ ...shop, projections: [], effects: [], sagas: [] });
  expect(lonely).toContain("Emitted by order. Consumers: none.");
});

test("a command has its senders", () => {
  expect(text).toContain("| CancelOrder | POST /orders/{orderId}/cancellation, saga checkout |");
  expect(text).toContain("| RecordDecline | effect authorize-payment |");
});

test("nested fields and fields of lists have their path and their limits", () => {
  expect(sectionOf("OrderPlaced")).toContain("| `customer.email` | email | yes | maxLength 254 |");
  expect(sectionOf("OrderPlaced")).toContain("| `lines[].quantity` | integer | yes | exclusiveMinimum 0 |");
  expect(sectionOf("OrderPlaced")).toContain("| `orderedAt` | date or date-time |  |  |");
});

const messages = [shop, library]
  .flatMap(({ deciders }) => deciders)
  .flatMap(({ commands, events }) => [commands, events])
  .concat([receipts])
  .flatMap((schemas) => Object.entries(schemas));

test.each(messages)("the example of %s fits its schema", (_, schema) => {
  for (const shown of [inputSchema(schema), outputSchema(schema)])
    expect(schema.safeParse(exampleOf(shown)).error).toBeUndefined();
});
