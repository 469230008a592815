/** The fast check never accepts a value that its schema refuses or changes. */
import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { fits } from "../../../lib/model/json/fits/fits.ts";
import { application as library } from "../../library/lib/application.ts";
import { events as parcels } from "../../model/events/past.ts";
import { validData } from "../../runtime/valid-data.ts";

const text = z.string().min(2).max(4);

const tree = z.object({
  id: z.int(),
  get parts() {
    return z.array(tree);
  },
});

/** A schema, values that it keeps, and values that it refuses or changes. */
type Row = readonly [name: string, schema: z.ZodType, kept: readonly unknown[], other: readonly unknown[]];

const rows: readonly Row[] = [
  ["a string", z.string(), ["", "a"], [1, null, undefined, ["a"]]],
  ["a length", text, ["ab", "abcd"], ["a", "abcde", ["a", "b"]]],
  ["a pattern", z.string().regex(/^a+$/), ["aa"], ["b", 1]],
  ["characters", z.string().regex(/^[a-c_.-]{1,3}$/), ["a", "-_.", "abc"], ["", "abca", "d", "é", "a\n", 1]],
  ["characters in any case", z.string().regex(/^[a-c]{1,3}$/i), ["aB"], ["d"]],
  ["a format", z.email(), ["a@example.com"], ["a"]],
  ["a date", z.iso.date(), ["2026-01-31"], ["2026-13-31"]],
  ["a number", z.number().min(1).max(2), [1, 1.5, 2], [0, 3, Number.NaN, Number.POSITIVE_INFINITY, "1"]],
  ["limits that are excluded", z.number().gt(1).lt(2), [1.5], [1, 2]],
  ["an integer", z.int(), [0, -1], [0.5, 2 ** 53, "0"]],
  ["a boolean", z.boolean(), [true, false], [0, "true"]],
  ["null", z.null(), [null], [undefined, 0]],
  ["a literal", z.literal(["a", 1]), ["a", 1], ["b", "1"]],
  ["an enumeration", z.enum(["a", "b"]), ["a"], ["c", 0]],
  ["a refinement", z.string().refine((value) => value !== "no"), ["yes"], ["no"]],
  ["an array", z.array(z.int()).min(1), [[1]], [[], ["1"], { 0: 1 }]],
  ["a tuple", z.tuple([z.string(), z.int().optional()]), [["a"], ["a", 1]], [[], ["a", "1"], ["a", 1, 2]]],
  [
    "an object",
    z.object({ id: z.string(), note: z.string().optional() }),
    [{ id: "1" }, { id: "1", note: "" }, { note: "", id: "1" }],
    [
      {},
      { id: 1 },
      { id: "1", more: 1 },
      { id: "1", note: null },
      { id: "1", note: undefined },
      [],
      null,
      "id",
    ],
  ],
  ["a default", z.object({ note: z.string().default("none") }), [{ note: "a" }], [{}, { note: 1 }]],
  [
    "a default of a field with any value",
    z.object({ note: z.custom(() => true).default("none") }),
    [{ note: 1 }],
    [{}, { note: undefined }],
  ],
  ["null or a value", z.int().nullable(), [null, 1], ["1", undefined]],
  ["a union", z.union([z.string(), z.object({ id: z.int() })]), ["a", { id: 1 }], [1, { id: "1" }]],
  [
    "a schema that contains itself",
    tree,
    [
      { id: 1, parts: [] },
      { id: 1, parts: [{ id: 2, parts: [{ id: 3, parts: [] }] }] },
    ],
    [{ id: 1 }, { id: 1, parts: [{ id: 2, parts: [{ id: "3", parts: [] }] }] }],
  ],
  [
    "a union by a field",
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("a"), a: z.int() }),
      z.object({ kind: z.literal("b"), b: z.int() }),
    ]),
    [
      { kind: "a", a: 1 },
      { kind: "b", b: 1 },
    ],
    [{ kind: "a", b: 1 }, { kind: "c" }],
  ],
];

test.each(rows)("%s", (_, schema, kept, other) => {
  const check = fits(schema);
  expect(kept.map(check)).toEqual(kept.map(() => true));
  expect(other.map(check)).toEqual(other.map(() => false));
});

/** Parts that it does not know, or whose first option takes the value and drops a field. */
const unsure: readonly (readonly [name: string, schema: z.ZodType, value: unknown])[] = [
  ["a transform", z.string().transform((value) => `${value}!`), "a"],
  ["a text that is trimmed", z.string().trim(), " a"],
  ["an option that another one hides", z.union([z.object({}), z.object({ id: z.int() })]), { id: 1 }],
  ["other fields that are kept", z.looseObject({ id: z.int() }), { id: 1 }],
  ["a record", z.record(z.string(), z.int()), { a: 1 }],
  ["a field that every object has", z.object({ constructor: z.custom(() => true) }), { constructor: 1 }],
  ["a pattern with a state", z.string().regex(/a/g), "a"],
  ["a format with more than a pattern", z.ipv6(), "::1"],
];

test.each(unsure)("it is not sure about %s", (_, schema, value) => {
  expect(fits(schema)(value)).toBe(false);
});

test("it is not sure about anything if the process forbids code from text", () => {
  const script = `
    import * as z from "zod";
    import { fits } from "./lib/model/json/fits/fits.ts";
    process.stdout.write(String(fits(z.string())("a")));`;
  const args = ["--disallow-code-generation-from-strings", "--import", "tsx", "--input-type=module"];
  expect(execFileSync(process.execPath, [...args, "--eval", script], { encoding: "utf8" })).toBe("false");
});

const schemas = [
  ...library.deciders.flatMap(({ name, events }) =>
    Object.entries(events).map(([type, schema]) => [`${name}.${type}`, schema] as const),
  ),
  ...Object.entries(parcels),
];

test.each(schemas)("whatever it accepts, %s accepts and keeps", (_, schema) => {
  const changed = fc
    .tuple(validData(schema), fc.constantFrom(...Object.keys(schema.shape), "more"), fc.jsonValue())
    .map(([data, field, value]) => ({ ...Object(data), [field]: value }));
  fc.assert(
    fc.property(fc.oneof(validData(schema), changed), (data) => {
      if (!fits(schema)(data)) return;
      expect(schema.safeParse(data)).toEqual({ success: true, data });
    }),
    { numRuns: 50 },
  );
});

test.each(schemas)("valid data of %s that the schema keeps are accepted without zod", (_, schema) => {
  fc.assert(
    fc.property(validData(schema), (data) => {
      const parsed = schema.safeParse(data);
      if (parsed.success && JSON.stringify(parsed.data) === JSON.stringify(data))
        expect(fits(schema)(data)).toBe(true);
    }),
    { numRuns: 20 },
  );
});
