/** A schema that refuses undeclared fields at any depth. */
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { strict } from "../../../lib/model/json/strict.ts";

const inner = z.object({ a: z.string() });
const tree = z.object({
  name: z.string(),
  get children() {
    return z.array(tree).optional();
  },
});

const pathsOf = (schema: z.ZodObject, value: unknown) =>
  (strict(schema).safeParse(value).error?.issues ?? []).flatMap((issue) =>
    issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key].join("/")) : [],
  );

const more = { a: "a", b: "b" };

describe("an undeclared field is found", () => {
  test.each<readonly [string, z.ZodType, value: unknown, path: string]>([
    ["in an object", inner, more, "field/b"],
    ["in a refined object", inner.refine(() => true), more, "field/b"],
    ["in an array", z.array(inner), [{ a: "a" }, more], "field/1/b"],
    ["in a tuple", z.tuple([z.string(), inner]), ["a", more], "field/1/b"],
    ["in a rest", z.tuple([z.string()], inner), ["a", more], "field/1/b"],
    ["in a record", z.record(z.string(), inner), { x: more }, "field/x/b"],
    ["in a union", z.union([inner, z.string()]), more, "field/b"],
    [
      "in a discriminated union",
      z.discriminatedUnion("a", [z.object({ a: z.literal("a") })]),
      more,
      "field/b",
    ],
    ["in an intersection", inner.and(z.object({ c: z.string() })), { ...more, c: "c" }, "field/b"],
    ["behind wrappers", inner.optional().nullable().readonly().default({ a: "a" }), more, "field/b"],
    ["behind a prefault", inner.prefault({ a: "a" }), more, "field/b"],
    ["behind a lazy", z.lazy(() => inner), more, "field/b"],
    [
      "in a recursive schema",
      tree,
      { name: "x", children: [{ name: "y", children: [], age: 1 }] },
      "field/children/0/age",
    ],
    ["before a transform", inner.transform(({ a }) => a), more, "field/b"],
    ["before a pipe", inner.pipe(z.object({ a: z.string() })), more, "field/b"],
    [
      "before a codec",
      z.codec(inner, z.string(), { decode: ({ a }) => a, encode: (a) => ({ a }) }),
      more,
      "field/b",
    ],
    ["after a preprocessor", z.preprocess((value) => value, inner), more, "field/b"],
  ])("%s", (_, field, value, path) => {
    expect(z.object({ field }).safeParse({ field: value }).success).toBe(true);
    expect(pathsOf(z.object({ field }), { field: value })).toEqual([path]);
  });

  test("at the top, and beside a missing field", () => {
    expect(
      strict(inner)
        .safeParse({ b: 1 })
        .error?.issues.map(({ code }) => code),
    ).toEqual(["invalid_type", "unrecognized_keys"]);
  });
});

describe("a strict schema still accepts what the schema declares", () => {
  test.each<readonly [string, z.ZodType, value: unknown, taken: unknown]>([
    ["a loose object", z.looseObject({ a: z.string() }), more, more],
    ["a catchall", inner.catchall(z.string()), more, more],
    ["anything", z.unknown(), more, more],
    [
      "a field that a transform adds before the next schema",
      inner.transform((it): z.input<typeof inner> => ({ ...it, ...more })).pipe(inner),
      { a: "a" },
      { a: "a" },
    ],
    ["an object with a catch", inner.catch({ a: "caught" }), more, { a: "a" }],
    [
      "a field that only one of several options declares",
      z.union([inner, z.object({ a: z.string(), b: z.string() })]),
      more,
      more,
    ],
  ])("%s", (_, field, value, taken) => {
    expect(strict(z.object({ field })).parse({ field: value })).toEqual({ field: taken });
  });

  test("checks and their messages", () => {
    const checked = z
      .object({ a: z.string().min(2, "too short") })
      .refine(({ a }) => a !== "no", "must not be no");
    expect(strict(checked).safeParse({ a: "n" }).error?.issues).toMatchObject([{ message: "too short" }]);
    expect(strict(checked).safeParse({ a: "no" }).error?.issues).toMatchObject([
      { message: "must not be no" },
    ]);
  });

  test("a default that is made for each value", () => {
    let count = 0;
    const next = () => {
      count += 1;
      return count;
    };
    const numbered = strict(
      z.object({
        box: z
          .object({ a: z.string() })
          .transform(() => "")
          .optional(),
        id: inner.transform(() => 0).default(next),
      }),
    );
    expect([numbered.parse({}), numbered.parse({})]).toEqual([{ id: 1 }, { id: 2 }]);
  });
});
