/** Patterns that clients in other languages could not compile are reported, with their place. */
import { expect, test } from "vitest";
import * as z from "zod";
import { validate } from "../../../../lib/model/validation/validate.ts";
import { order } from "../../../../lib/shop/orders/order.ts";
import { orderSummary } from "../../../../lib/shop/orders/order-summary.ts";
import { shop } from "../../../../lib/shop/shop.ts";
import { stockDeliveries } from "../../../../lib/shop/stock/stock-deliveries.ts";

const ahead = z.string().regex(/^(?=.*\d)/);
const problem = (
  where: string,
  source = "^(?=.*\\d)",
  because = "it looks ahead or behind, which RE2 does not support",
) =>
  `${where}: expected a pattern that every language can compile, got ${source}: ${because}; change the pattern, or use .refine()`;

const withCommand = (schema: z.ZodType) => {
  const CancelOrder = order.commands.CancelOrder.extend({ note: schema });
  const changed = { ...order, commands: { ...order.commands, CancelOrder } };
  return { ...shop, deciders: [changed, ...shop.deciders.slice(1)] };
};

const problemsOf = (application: object) =>
  validate({ ...shop, ...application }).filter((each) => each.includes("every language can compile"));

test.each<[string, z.ZodType, string]>([
  ["in a field", ahead, "/note"],
  ["in a field that may be absent", ahead.optional(), "/note"],
  ["in a list of objects", z.array(z.object({ items: ahead })), "/note/*/items"],
  ["in a record", z.record(z.string(), ahead), "/note/*"],
  ["before a transformation", ahead.transform(Number), "/note"],
  ["in an alternative", z.union([z.int(), ahead]), "/note"],
])("a command: %s", (_, schema, pointer) => {
  expect(problemsOf(withCommand(schema))).toEqual([
    problem(`decider order, command CancelOrder, ${pointer}`),
  ]);
});

test("a command: in a format of zod that JSON Schema does not have", () => {
  expect(problemsOf(withCommand(z.emoji()))).toEqual([expect.stringContaining("looks ahead or behind")]);
});

test("a command: a case-insensitive pattern, which JSON Schema cannot express", () => {
  expect(problemsOf(withCommand(z.string().regex(/^a$/i)))).toEqual([
    problem(
      "decider order, command CancelOrder, /note",
      "^a$",
      "it has the flags i, but a document can express only s and u",
    ),
  ]);
});

test.each([
  z.email(),
  z.uuid(),
  z.iso.duration(),
  z.hostname(),
  z.iso.datetime(),
  z.ipv6(),
  z.string().includes("a/b"),
])("formats of zod can be documented", (schema) => expect(problemsOf(withCommand(schema))).toEqual([]));

test("an event, a row and an event of another system", () => {
  const OrderCancelled = order.events.OrderCancelled.extend({ note: ahead });
  const changed = { ...order, events: { ...order.events, OrderCancelled } };
  expect(problemsOf({ deciders: [changed, ...shop.deciders.slice(1)] })).toEqual([
    problem("decider order, event OrderCancelled, /note"),
  ]);
  const projection = { ...orderSummary, row: orderSummary.row.extend({ note: ahead }) };
  expect(problemsOf({ projections: [projection, ...shop.projections.slice(1)] })).toEqual([
    problem("projection order-summary, row, /note"),
  ]);
  const translator = { ...stockDeliveries, schema: stockDeliveries.schema.extend({ note: ahead }) };
  expect(problemsOf({ translators: [translator] })).toEqual([problem("translator stock-deliveries, /note")]);
});
