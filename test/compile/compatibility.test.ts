import { describe, expect, test } from "vitest";
import * as z from "zod";
import { breakingChanges, contractOf } from "../../lib/compile/compatibility.ts";
import { shop } from "../../lib/domain/shop.ts";
import type { Application } from "../../lib/model/application.ts";

const contract = contractOf(shop);

const withMessages = (change: { readonly events?: object; readonly commands?: object }) => {
  const [order, ...others] = shop.deciders;
  if (!order) throw new Error("the shop has no decider");
  const changed = {
    ...order,
    events: { ...order.events, ...change.events },
    commands: { ...order.commands, ...change.commands },
  };
  return contractOf({ ...shop, deciders: [changed, ...others] } as Pick<
    Application<never>,
    "deciders" | "sagas"
  >);
};

test("what is as it was breaks nothing", () => {
  expect(breakingChanges(contract, contract)).toEqual([]);
});

test("what went through a file is the same", () => {
  expect(breakingChanges(JSON.parse(JSON.stringify(contract)), contract)).toEqual([]);
});

test("messages are removed, and not added, at a price", () => {
  const { "order.OrderPlaced": _, ...events } = contract.events;
  const { "order.CancelOrder": __, ...commands } = contract.commands;
  expect(breakingChanges(contract, { ...contract, events, commands })).toEqual([
    "event order.OrderPlaced is removed",
    "command order.CancelOrder is removed",
  ]);
  expect(breakingChanges({ events, commands }, contract)).toEqual([]);
});

test("what others tell must still be taken, and a contract may be older than that", () => {
  const { foreign, ...older } = contract;
  expect(Object.keys(foreign ?? {})).toEqual(["warehouse.StockDelivered"]);
  const [translator] = shop.translators ?? [];
  if (!translator) throw new Error("the shop has no translator");
  const schema = translator.schema.extend({ shelf: z.string() });
  const narrower = contractOf({ ...shop, translators: [{ ...translator, schema }] });
  expect(breakingChanges(contract, narrower)).toEqual([
    "foreign event warehouse.StockDelivered: shelf is new and required",
  ]);
  expect(breakingChanges(contract, older)).toEqual(["foreign event warehouse.StockDelivered is removed"]);
  expect(breakingChanges(older, contract)).toEqual([]);
});

const whole = z.object({ a: z.string(), b: z.int().optional(), c: z.array(z.object({ d: z.string() })) });

type Row = readonly [
  what: string,
  before: z.ZodObject,
  after: z.ZodObject,
  both: string | undefined,
  event?: string,
];

const one = (a: z.ZodType) => z.object({ a });

/** What breaks commands and events, and what breaks events alone. */
const rows: readonly Row[] = [
  ["a removed field", whole, whole.omit({ b: true }), "b is removed"],
  ["a removed field of a list", whole, whole.extend({ c: z.array(z.object({})) }), "c[].d is removed"],
  ["a new field", whole, whole.extend({ e: z.string() }), "e is new and required"],
  ["a new optional field", whole, whole.extend({ e: z.string().optional() }), undefined],
  ["a field that must be there", whole, whole.required(), "b is required now"],
  ["a field that may be missing", whole, whole.partial({ a: true }), undefined, "a may be missing now"],
  ["another type", one(z.string()), one(z.int()), "a was string and is integer"],
  ["another format", one(z.email()), one(z.url()), "a was email and is uri"],
  ["no list any more", one(z.array(z.string())), one(z.string()), "a was array and is string"],
  ["other items", one(z.array(z.string())), one(z.array(z.int())), "a[] was string and is integer"],
  ["a higher minimum", one(z.int().min(1)), one(z.int().min(2)), "a its least value is higher"],
  ["the same minimum in other words", one(z.int().positive()), one(z.int().min(1)), undefined],
  ["a lower maximum", one(z.int().max(9)), one(z.int().max(8)), "a its greatest value is lower"],
  ["a new limit of length", one(z.string()), one(z.string().max(8)), "a must be shorter"],
  ["less freedom", one(z.string()), one(z.string().min(1)), "a must be longer"],
  ["more freedom", one(z.string().min(1).max(8)), one(z.string()), undefined],
  ["a new pattern", one(z.string()), one(z.string().regex(/^a$/)), "a has another pattern"],
  ["no pattern any more", one(z.string().regex(/^a$/)), one(z.string()), undefined],
  ["fewer items", one(z.array(z.string())), one(z.array(z.string()).max(2)), "a must have fewer items"],
  ["a value less", one(z.enum(["x", "y"])), one(z.enum(["x"])), 'a no longer takes "y"'],
  ["a value more", one(z.enum(["x"])), one(z.enum(["x", "y"])), undefined],
  ["only some values", one(z.string()), one(z.enum(["x"])), "a takes only some values now"],
  ["null, too", one(z.string()), one(z.string().nullable()), undefined, "a may be null now"],
  ["no null", one(z.string().nullable()), one(z.string()), "a no longer takes every null that it took"],
  [
    "a narrower alternative",
    one(z.union([z.string(), z.int()])),
    one(z.union([z.string().max(3), z.int()])),
    "a no longer takes every string that it took",
  ],
  ["a rule that nobody knows", one(z.int()), one(z.int().multipleOf(2)), "a has another multipleOf"],
  ["other words", one(z.string()), one(z.string().meta({ description: "d", examples: ["e"] })), undefined],
];

describe.each(rows)("%s", (_, before, after, both, onlyEvent) => {
  test("in a command", () => {
    const [was, is] = [before, after].map((Changed) => withMessages({ commands: { Changed } }));
    const expected = both === undefined ? [] : [`command order.Changed: ${both}`];
    expect(breakingChanges(was ?? contract, is ?? contract)).toEqual(expected);
  });

  test("in an event", () => {
    const [was, is] = [before, after].map((Changed) => withMessages({ events: { Changed } }));
    const words = both ?? onlyEvent;
    const expected = words === undefined ? [] : [`event order.Changed: ${words}`];
    expect(breakingChanges(was ?? contract, is ?? contract)).toEqual(expected);
  });
});

test("each break has its place", () => {
  const before = withMessages({ events: { Changed: whole } });
  const after = withMessages({
    events: { Changed: z.object({ a: z.int(), c: z.array(z.object({ d: z.int() })) }) },
  });
  expect(breakingChanges(before, after)).toEqual([
    "event order.Changed: a was string and is integer",
    "event order.Changed: b is removed",
    "event order.Changed: c[].d was string and is integer",
  ]);
});
