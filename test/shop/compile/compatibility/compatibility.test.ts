import { describe, expect, test } from "vitest";
import * as z from "zod";
import { type Change, sentenceOf } from "../../../../lib/compile/compatibility/changes/change.ts";
import { changesBetween } from "../../../../lib/compile/compatibility/changes/changes.ts";
import type { Contract } from "../../../../lib/compile/compatibility/contract/contract.ts";
import { contractOf } from "../../../../lib/compile/compatibility/contract/contract-of.ts";
import type { AnyDecider } from "../../../../lib/model/decider.ts";
import { order } from "../../../../lib/shop/orders/order.ts";
import { shop } from "../../../../lib/shop/shop.ts";

const contract = contractOf(shop);

const lineOf = (change: Change): string => `${change.kind}: ${sentenceOf(change)}`;

/** All changes but the compatible ones. */
const changed = (before: Contract, after: Contract): readonly string[] =>
  changesBetween(before, after)
    .filter(({ kind }) => kind !== "compatible")
    .map(lineOf);

/** An application with one decider, which has only these messages. */
const withMessages = ({ events = {}, commands = {} }: Partial<Pick<AnyDecider, "events" | "commands">>) =>
  contractOf({
    ...shop,
    deciders: [{ ...order, events, commands }],
    projections: [],
    effects: [],
    sagas: [],
    translators: [],
    routes: [],
  });

test("an unchanged contract breaks nothing", () => {
  expect(changed(contract, contract)).toEqual([]);
});

test("a contract that was stored in a file is equal", () => {
  expect(changed(JSON.parse(JSON.stringify(contract)), contract)).toEqual([]);
});

test("removed messages break, added messages do not", () => {
  const { "order.OrderPlaced": _, ...events } = contract.events;
  const { "order.CancelOrder": __, ...commands } = contract.commands;
  expect(changed(contract, { ...contract, events, commands })).toEqual([
    "breaking: event order.OrderPlaced@1: is read by nothing",
    "breaking: command order.CancelOrder: is removed",
    "published: event order.OrderPlaced: is published no longer",
  ]);
  expect(changesBetween({ ...contract, events, commands }, contract).map(lineOf)).toEqual([
    "compatible: event order.OrderPlaced: is new",
    "compatible: command order.CancelOrder: is new",
  ]);
});

test("foreign events must still be accepted", () => {
  const older = { ...contract, foreign: {} };
  expect(Object.keys(contract.foreign)).toEqual(["warehouse.StockDelivered"]);
  const [translator] = shop.translators ?? [];
  if (!translator) throw new Error("the shop has no translator");
  const schema = translator.schema.extend({ shelf: z.string() });
  const narrower = contractOf({ ...shop, translators: [{ ...translator, schema }] });
  expect(changed(contract, narrower)).toEqual([
    "breaking: foreign event warehouse.StockDelivered: shelf is new and required",
  ]);
  const wider = contractOf({
    ...shop,
    translators: [{ ...translator, schema: translator.schema.partial() }],
  });
  expect(changed(contract, wider)).toEqual([]);
  const fewer = contractOf({ ...shop, translators: [{ ...translator, schema: translator.schema.pick({}) }] });
  expect(changed(contract, fewer)).toEqual([]);
  expect(changed(contract, older)).toEqual(["breaking: foreign event warehouse.StockDelivered: is removed"]);
  expect(changed(older, contract)).toEqual([]);
});

const whole = z.object({ a: z.string(), b: z.int().optional(), c: z.array(z.object({ d: z.string() })) });

const one = (a: z.ZodType) => z.object({ a });

/** What a change breaks: the text for a command; the text for an event, and whom it breaks. */
type Row = readonly [
  what: string,
  before: z.ZodObject,
  after: z.ZodObject,
  inCommand: readonly string[],
  inEvent: readonly string[],
];

const stored = (words: string) => `breaking: event order.Changed@1: ${words}`;
const readers = (words: string) => `published: event order.Changed: ${words}`;
const both = (words: string) => `${stored(words)}\n${readers(words)}`;

/** A change that removes values; in the other direction it adds them. */
type Limit = readonly [what: string, wide: z.ZodType, narrow: z.ZodType, narrower: string, wider: string];

const card = z.object({ kind: z.literal("card"), number: z.string() });
const cash = z.object({ kind: z.literal("cash") });

const limits: readonly Limit[] = [
  ["a minimum", z.int().min(1), z.int().min(2), "must be at least 2", "may be less than 2 now"],
  ["a new minimum", z.number(), z.number().min(2), "must be at least 2", "may be less than 2 now"],
  [
    "a minimum that is excluded",
    z.number().min(0),
    z.number().positive(),
    "must be more than 0",
    "may be 0 or less now",
  ],
  ["a maximum", z.int().max(9), z.int().max(8), "must be at most 8", "may be more than 8 now"],
  [
    "a maximum that is excluded",
    z.number().max(0),
    z.number().lt(0),
    "must be less than 0",
    "may be 0 or more now",
  ],
  [
    "a maximum of length",
    z.string(),
    z.string().max(8),
    "must have at most 8 characters",
    "may have more than 8 characters now",
  ],
  [
    "a minimum of length",
    z.string(),
    z.string().min(1),
    "must have at least 1 character",
    "may have fewer than 1 character now",
  ],
  [
    "a maximum of items",
    z.array(z.string()),
    z.array(z.string()).max(2),
    "must have at most 2 items",
    "may have more than 2 items now",
  ],
  [
    "a minimum of items",
    z.array(z.string()),
    z.array(z.string()).min(2),
    "must have at least 2 items",
    "may have fewer than 2 items now",
  ],
  ["a pattern", z.string(), z.string().regex(/^a$/), "has another pattern", "has no pattern any more"],
  [
    "one of two patterns",
    z.string().regex(/a/),
    z.string().regex(/a/).regex(/b/),
    "has another pattern",
    "has another pattern",
  ],
  ["a value", z.enum(["x", "y"]), z.enum(["x"]), 'no longer takes "y"', 'may be "y" now'],
  ["values of several types", z.literal([1, "a"]), z.literal(1), 'no longer takes "a"', 'may be "a" now'],
  ["some values", z.string(), z.enum(["x"]), "takes only some values now", "may have other values now"],
  ["null", z.string().nullable(), z.string(), "no longer takes null", "may be null now"],
  [
    "a number that is not whole",
    z.number().min(0).max(9),
    z.int().min(0).max(9),
    "was number and is integer",
    "was integer and is number",
  ],
  [
    "a format",
    z.string(),
    z.string().meta({ format: "email" }),
    "was string and is email",
    "was email and is string",
  ],
  [
    "a type of a union",
    z.union([z.string(), z.boolean()]),
    z.string(),
    "no longer takes boolean",
    "may be boolean now",
  ],
  [
    "a variant of a union",
    z.union([card, cash]),
    z.union([card]),
    'no longer takes object with kind "cash"',
    'may be object with kind "cash" now',
  ],
  ["any value", z.unknown(), z.string(), "was anything and is string", "was string and is anything"],
  [
    "a rule that only one has",
    z.int(),
    z.int().multipleOf(2),
    "has another multipleOf",
    "has another multipleOf",
  ],
];

const gained = limits.flatMap(([what, wide, narrow, narrower, wider]): readonly Row[] => [
  [`${what}, less than before`, one(wide), one(narrow), [`a ${narrower}`], [stored(`a ${narrower}`)]],
  [`${what}, more than before`, one(narrow), one(wide), [], [readers(`a ${wider}`)]],
]);

const row = (
  what: string,
  before: z.ZodObject,
  after: z.ZodObject,
  inCommand: readonly string[],
  inEvent: readonly string[],
): Row => [what, before, after, inCommand, inEvent];

const rows: readonly Row[] = [
  ...gained,
  row("a removed field", whole, whole.omit({ a: true }), ["a is removed"], [readers("a is removed")]),
  row(
    "a removed optional field",
    whole,
    whole.omit({ b: true }),
    ["b is removed"],
    [readers("b is removed")],
  ),
  row(
    "a removed field of a list",
    whole,
    whole.extend({ c: z.array(z.object({})) }),
    ["c[].d is removed"],
    [readers("c[].d is removed")],
  ),
  row(
    "a new field",
    whole,
    whole.extend({ e: z.string() }),
    ["e is new and required"],
    [stored("e is new and required")],
  ),
  row("a new optional field", whole, whole.extend({ e: z.string().optional() }), [], []),
  row("a new field with a default", whole, whole.extend({ e: z.string().default("e") }), [], []),
  row(
    "a field that must be there",
    whole,
    whole.required(),
    ["b is required now"],
    [stored("b is required now")],
  ),
  row(
    "a field that may be missing",
    whole,
    whole.partial({ a: true }),
    [],
    [readers("a may be missing now")],
  ),
  row(
    "a field that may be missing and has another type",
    one(z.string()),
    z.object({ a: z.int().optional() }),
    ["a was string and is integer"],
    [both("a was string and is integer"), readers("a may be missing now")],
  ),
  row(
    "another type",
    one(z.string()),
    one(z.int()),
    ["a was string and is integer"],
    [both("a was string and is integer")],
  ),
  row(
    "another format",
    one(z.email()),
    one(z.url()),
    ["a was email and is uri"],
    [both("a was email and is uri")],
  ),
  row(
    "not a list any more",
    one(z.array(z.string())),
    one(z.string()),
    ["a was array and is string"],
    [both("a was array and is string")],
  ),
  row(
    "other items",
    one(z.array(z.string())),
    one(z.array(z.int())),
    ["a[] was string and is integer"],
    [both("a[] was string and is integer")],
  ),
  row("the same minimum in other words", one(z.int().positive()), one(z.int().min(1)), [], []),
  row(
    "the same alternatives, written differently",
    one(z.string().nullable()),
    one(z.union([z.null(), z.string()])),
    [],
    [],
  ),
  row(
    "the same fields as an intersection",
    one(z.intersection(card, cash)),
    one(z.intersection(card, cash)),
    [],
    [],
  ),
  row(
    "another pattern",
    one(z.string().regex(/^a$/)),
    one(z.string().regex(/^b$/)),
    ["a has another pattern"],
    [both("a has another pattern")],
  ),
  row(
    "another value instead",
    one(z.literal("x")),
    one(z.literal("y")),
    ['a no longer takes "x"'],
    [stored('a no longer takes "x"'), readers('a may be "y" now')],
  ),
  row(
    "a change within one variant of a union",
    one(z.union([card, cash])),
    one(z.union([card.extend({ number: z.string().max(3) }), cash.extend({ by: z.string().optional() })])),
    ["a.number must have at most 3 characters"],
    [stored("a.number must have at most 3 characters")],
  ),
  row(
    "one of several alternatives that look alike",
    one(z.union([z.array(z.string()), z.array(z.int())])),
    one(z.union([z.array(z.string()), z.array(z.int().min(5))])),
    ["a no longer takes every array that it took"],
    [stored("a no longer takes every array that it took")],
  ),
  row(
    "values of a record",
    one(z.record(z.string(), z.int().max(1))),
    one(z.record(z.string(), z.int().max(2))),
    [],
    [readers("a.* may be more than 1 now")],
  ),
  row(
    "a place of a tuple",
    one(z.tuple([z.string(), z.int().max(1)])),
    one(z.tuple([z.string(), z.int().max(2)])),
    [],
    [readers("a[1] may be more than 1 now")],
  ),
  row(
    "a changed unknown rule",
    one(z.int().multipleOf(2)),
    one(z.int().multipleOf(3)),
    ["a has another multipleOf"],
    [both("a has another multipleOf")],
  ),
  row("other words", one(z.string()), one(z.string().meta({ description: "d", examples: ["e"] })), [], []),
];

describe.each(rows)("%s", (_, before, after, inCommand, inEvent) => {
  test("in a command", () => {
    const [was, is] = [before, after].map((Changed) => withMessages({ commands: { Changed } }));
    expect(changed(was ?? contract, is ?? contract)).toEqual(
      inCommand.map((words) => `breaking: command order.Changed: ${words}`),
    );
  });

  test("in an event", () => {
    const [was, is] = [before, after].map((Changed) => withMessages({ events: { Changed } }));
    expect([...changed(was ?? contract, is ?? contract)].sort()).toEqual(
      inEvent.flatMap((lines) => lines.split("\n")).sort(),
    );
  });
});

test("a schema that refers to itself is compared", () => {
  const tree = (name: z.ZodType) => {
    const node = z.object({
      name,
      get children() {
        return z.array(node);
      },
    });
    return node;
  };
  const [was, is] = [z.string().max(1), z.string().max(2)].map((name) =>
    withMessages({ events: { Changed: z.object({ tree: tree(name) }) } }),
  );
  expect(changed(was ?? contract, was ?? contract)).toEqual([]);
  expect(changed(was ?? contract, is ?? contract)).not.toEqual([]);
});

test("each break has its place", () => {
  const before = withMessages({ events: { Changed: whole } });
  const after = withMessages({
    events: { Changed: z.object({ a: z.int(), c: z.array(z.object({ d: z.int() })) }) },
  });
  expect(changed(before, after)).toEqual([
    "breaking: event order.Changed@1: a was string and is integer",
    "breaking: event order.Changed@1: c[].d was string and is integer",
    "published: event order.Changed: a was string and is integer",
    "published: event order.Changed: c[].d was string and is integer",
    "published: event order.Changed: b is removed",
  ]);
});
