import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { unstorable } from "../../../../lib/model/json/json.ts";
import { InvalidEvent, storableEvent } from "../../../../lib/model/json/storable-event.ts";
import { validate } from "../../../../lib/model/validation/validate.ts";
import { shop } from "../../../../lib/shop/shop.ts";
import { identifier } from "../../../../lib/shop/values/identifier.ts";

const tree = z.object({
  name: z.string(),
  get children() {
    return z.array(tree);
  },
});

const storable: Readonly<Record<string, z.ZodType>> = {
  string: z.string().min(1).max(20),
  number: z.number(),
  int: z.int(),
  float: z.float64(),
  boolean: z.boolean(),
  null: z.null(),
  never: z.never(),
  enum: z.enum(["a", "b"]),
  literal: z.literal(["a", 1, true, null]),
  "template literal": z.templateLiteral(["sku-", z.number()]),
  email: z.email(),
  url: z.url(),
  "ISO date": z.iso.date(),
  "ISO date-time": z.iso.datetime({ offset: true }),
  refine: z.string().refine((text) => text !== "x"),
  superRefine: z.string().superRefine(() => {}),
  regex: z.string().regex(/./),
  meta: z.string().meta({ examples: ["a"] }),
  brand: z.string().brand("name"),
  readonly: z.array(z.string()).readonly(),
  optional: z.string().optional(),
  "exact optional": z.string().exactOptional(),
  nullable: z.string().nullable(),
  nullish: z.number().nullish(),
  nonoptional: z.string().optional().nonoptional(),
  default: z.string().default("a"),
  "default function": z.array(z.string()).default(() => []),
  array: z.array(z.string()),
  "array of anything": z.array(z.unknown()),
  tuple: z.tuple([z.string(), z.number()]),
  "tuple with an optional end": z.tuple([z.string(), z.number().optional()]),
  "tuple with a rest": z.tuple([z.string()], z.number()),
  object: z.object({ a: z.string().optional(), b: z.unknown() }),
  "strict object": z.strictObject({ a: z.string() }),
  "loose object": z.looseObject({ a: z.string() }),
  catchall: z.object({ a: z.string() }).catchall(z.number()),
  record: z.record(z.string(), z.unknown()),
  "record by enum": z.partialRecord(z.enum(["a", "b"]), z.number()),
  "record by pattern": z.record(z.templateLiteral(["k", z.string()]), z.string()),
  union: z.union([z.string(), z.number(), z.null()]),
  "discriminated union": z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("a") }),
    z.object({ kind: z.literal("b"), b: z.string() }),
  ]),
  xor: z.xor([z.string(), z.number()]),
  intersection: z.intersection(z.object({ a: z.string() }), z.object({ b: z.unknown() })),
  lazy: z.lazy(() => z.string()),
  recursive: tree,
  json: z.json(),
  unknown: z.unknown(),
  any: z.any(),
};

/** Recurses through a new schema at each level. */
const chain = (): z.ZodType => z.object({ at: z.string().trim(), next: z.lazy(chain) });

const notStorable: Readonly<Record<string, readonly [schema: z.ZodType, ...problems: RegExp[]]>> = {
  date: [z.date(), /^\/field: date: JSON cannot represent it; use z\.iso\.datetime\(\)$/],
  bigint: [z.bigint(), /bigint/],
  int64: [z.int64(), /bigint/],
  map: [z.map(z.string(), z.string()), /map: .*z\.record/],
  set: [z.set(z.string()), /set: .*z\.array/],
  symbol: [z.symbol(), /symbol/],
  undefined: [z.undefined(), /undefined: .*\.optional/],
  void: [z.void(), /void/],
  nan: [z.nan(), /nan/],
  custom: [z.custom<string>(), /custom/],
  instanceof: [z.instanceof(Date), /custom/],
  function: [z.custom(() => true).or(z.string()), /custom/],
  promise: [z.promise(z.string()), /promise/],
  file: [z.file(), /file/],
  success: [z.success(z.string()), /success/],
  transform: [z.string().transform((text) => text.split(",")), /pipe/],
  pipe: [z.string().pipe(z.string()), /pipe/],
  codec: [z.codec(z.string(), z.number(), { decode: Number, encode: String }), /pipe/],
  stringbool: [z.stringbool(), /pipe/],
  preprocess: [z.preprocess((value) => value, z.string()), /pipe/],
  "coerced string": [z.coerce.string(), /coerce/],
  "coerced number": [z.coerce.number(), /coerce/],
  "coerced boolean": [z.coerce.boolean(), /coerce/],
  "coerced date": [z.coerce.date(), /date/],
  catch: [z.string().catch("x"), /catch/],
  prefault: [z.string().prefault("x"), /prefault/],
  trim: [z.string().trim(), /trim/],
  toLowerCase: [z.string().toLowerCase(), /overwrite/],
  normalize: [z.string().normalize(), /overwrite/],
  slugify: [z.string().slugify(), /overwrite/],
  overwrite: [z.number().overwrite((number) => number + 1), /overwrite/],
  "overwrite of an object": [
    z.object({ a: z.string() }).check(z.overwrite((value) => ({ ...value }))),
    /overwrite/,
  ],
  "normalized URL": [z.url({ normalize: true }), /normalize/],
  "check of a normalized URL": [z.string().check(z.url({ normalize: true })), /normalize/],
  "literal undefined": [z.literal(undefined), /literal undefined/],
  "literal bigint": [z.literal([1n, "a"]), /literal 1/],
  "literal NaN": [z.literal(Number.NaN), /literal NaN/],
  "literal Infinity": [z.literal(Number.POSITIVE_INFINITY), /literal Infinity/],
  "enum with Infinity": [z.enum({ most: Number.POSITIVE_INFINITY }), /enum Infinity/],
  "default that is no JSON": [z.unknown().default(() => new Date(0)), /default: Date is not JSON/],
  "record by number": [z.record(z.number(), z.string()), /keys of a JSON object are strings/],
  "record by numeric enum": [z.partialRecord(z.enum({ one: 1 }), z.string()), /keys/],
  "record by symbol": [z.record(z.symbol(), z.string()), /symbol/, /keys/],
  "record whose keys change": [z.record(z.string().toLowerCase(), z.string()), /^\/field\/\*: overwrite/],
  "record of dates": [z.record(z.string(), z.date()), /^\/field\/\*: date/],
  "array of optionals": [z.array(z.string().optional()), /undefined element/],
  "array of optionals in disguise": [z.array(z.lazy(() => z.string().optional().readonly())), /undefined/],
  "rest of optionals": [z.tuple([z.string()], z.string().optional()), /undefined element/],
  "in an array": [z.array(z.object({ at: z.date() })), /^\/field\/\*\/at: date/],
  "in a tuple": [z.tuple([z.string(), z.date()]), /^\/field\/1: date/],
  "in a rest": [z.tuple([z.string()], z.date()), /^\/field\/\*: date/],
  "in a catchall": [z.object({}).catchall(z.date()), /^\/field\/\*: date/],
  "in a union": [z.union([z.string(), z.date()]), /^\/field: date/],
  "in a discriminated union": [
    z.discriminatedUnion("kind", [z.object({ kind: z.literal("a"), at: z.date() })]),
    /^\/field\/at: date/,
  ],
  "in an intersection": [
    z.intersection(z.object({ a: z.date() }), z.object({ b: z.date() })),
    /^\/field\/a: date/,
    /^\/field\/b: date/,
  ],
  "behind wrappers": [z.date().optional().nullable().readonly().default(new Date(0)), /date/, /default/],
  "behind a lazy": [z.lazy(() => z.object({ at: z.date() })), /^\/field\/at: date/],
  "in a recursive schema": [
    z.object({
      at: z.date(),
      get next() {
        return tree;
      },
    }),
    /^\/field\/at: date/,
  ],
  "in lazies without end": [chain(), /^\/field\/at: overwrite/, /^\/field\/next\/at: overwrite/],
  "under an odd name": [z.object({ "a/b~c": z.date() }), /^\/field\/a~1b~0c: date/],
};

const told = (schema: z.ZodType) =>
  unstorable(z.object({ field: schema })).map(({ path, because }) => `${path}: ${because}`);

describe("a schema that can be stored", () => {
  test.each(Object.entries(storable))("%s", (_, schema) => expect(told(schema)).toEqual([]));
});

describe("a schema that cannot be stored", () => {
  test.each(Object.entries(notStorable))("%s", (_, [schema, ...problems]) => {
    const found = [...new Set(told(schema))].toSorted();
    expect(found).toHaveLength(problems.length);
    for (const [index, problem] of problems.entries()) expect(found[index]).toMatch(problem);
  });
});

/** Values to try in place of any value. */
const values: readonly unknown[] = [
  "",
  "a",
  "b",
  "sku-1",
  "ada@shop.example",
  " http://shop.example ",
  "http://shop.example",
  "2026-01-01",
  "2026-01-01T00:00:00Z",
  "\ud800",
  0,
  -0,
  1,
  1.5,
  2 ** 60,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  true,
  null,
  undefined,
  1n,
  Symbol("a"),
  () => "a",
  new Date(0),
  new Map([["a", 1]]),
  new Set(["a"]),
  new Error("a"),
  /a/,
  new Uint8Array(1),
  Object("a"),
  [],
  ["a"],
  ["a", 1],
  ["a", undefined],
  Array(2),
  [new Date(0)],
  {},
  { a: "a" },
  { a: "a", b: "b" },
  { a: "a", b: undefined },
  { a: "a", b: Number.NaN },
  { a: undefined },
  { a: "a", c: 1 },
  { a: "a", toJSON: () => "b" },
  { [Symbol("a")]: 1, a: "a" },
  { kind: "a" },
  { kind: "b", b: "b" },
  { key: "a" },
  { name: "a", children: [{ name: "b", children: [] }] },
  JSON.parse('{"__proto__":{"a":1},"a":"a"}'),
  Object.assign(Object.create(null), { a: ["a"] }),
];

const storedAs = (schema: z.ZodType, field: unknown) => {
  try {
    const decider = { name: "order", events: { Placed: z.object({ field: schema }) } };
    return storableEvent(decider, { type: "Placed", data: { field } }).data;
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidEvent);
    return undefined;
  }
};

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withObjectString: true,
  withSparseArray: true,
  withTypedArray: true,
});

test.each(Object.entries(storable))("a value of the schema %s comes back from JSON", (_, schema) => {
  const comesBack = (field: unknown) => {
    const data = storedAs(schema, field);
    if (data === undefined) return;
    expect(JSON.parse(JSON.stringify(data))).toStrictEqual(data);
    expect(storedAs(schema, data.field)).toStrictEqual(data);
    if (field !== undefined && typeof field !== "object") expect(data.field).toBe(field === 0 ? 0 : field);
  };
  for (const value of values) comesBack(value);
  fc.assert(fc.property(anything, comesBack), { seed: 11, numRuns: 100 });
});

test("every schema that can be stored accepts a value, except one that accepts nothing", () => {
  const unused = Object.entries(storable).filter(([, schema]) =>
    values.every((value) => storedAs(schema, value) === undefined),
  );
  expect(unused.map(([name]) => name)).toEqual(["never"]);
});

describe("an application is refused", () => {
  const [order, ...others] = shop.deciders;
  const [summary] = shop.projections;
  if (!order || !summary) throw new Error("the shop has an order");
  const at = z.object({ orderId: z.string(), at: z.date() });

  test("for the schema of an event, with its place", () => {
    const events = { ...order.events, OrderAged: at };
    expect(validate({ ...shop, deciders: [{ ...order, events }, ...others] })).toContain(
      "decider order, event OrderAged, /at: date: JSON cannot represent it; use z.iso.datetime()",
    );
  });

  test("for the schema of a row, with its place", () => {
    expect(validate({ ...shop, projections: [{ ...summary, row: at }] })).toContain(
      "projection order-summary, row, /at: date: JSON cannot represent it; use z.iso.datetime()",
    );
  });

  const withCommand = (AgeOrder: z.ZodObject) => {
    const changed = {
      ...order,
      commands: { ...order.commands, AgeOrder },
      decide: { ...order.decide, AgeOrder: () => [] },
    };
    return validate({ ...shop, deciders: [changed, ...others] }).filter((each) => each.includes("AgeOrder"));
  };

  test("for a command that changes the id of its stream", () => {
    expect(withCommand(z.object({ orderId: identifier.trim() }))).toEqual([
      "decider order, command AgeOrder, /orderId: overwrite (trim, toLowerCase, …): it changes the value; only a command may do that, and not in the field that identifies its stream",
    ]);
  });

  test.each([
    ["date", z.date(), "/at"],
    ["map", z.array(z.map(z.string(), z.string())).optional(), "/at/*"],
    ["bigint", z.object({ deep: z.bigint().transform(String) }), "/at/deep"],
  ])("for a command that cannot be sent as JSON: %s", (kind, at, path) => {
    expect(withCommand(z.object({ orderId: identifier, at }))).toEqual([
      `decider order, command AgeOrder, ${path}: ${kind}: a command is sent as JSON; use a codec or z.coerce`,
    ]);
  });

  test.each([
    z.coerce.date(),
    z.stringbool(),
    z.codec(z.string(), z.date(), { decode: (text) => new Date(text), encode: String }),
    z.preprocess((value) => value, z.date()),
    z.string().trim().catch("").or(z.undefined()),
  ])("but not for a command that transforms (%#)", (at) => {
    expect(withCommand(z.object({ orderId: identifier, at }))).toEqual([]);
  });
});
