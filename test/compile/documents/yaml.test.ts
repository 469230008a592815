import { Parser } from "@asyncapi/parser";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { toYaml } from "../../../lib/compile/documents/yaml.ts";

test("values are in block style, and readable strings are not quoted", () => {
  const value = {
    name: "two words",
    empty: {},
    none: [],
    list: [1, { a: true, b: [null, "x"] }],
    gone: undefined,
  };
  expect(toYaml(value)).toBe(`name: two words
empty: {}
none: []
list:
  - 1
  - a: true
    b:
      - null
      - x
`);
});

test.each([
  ["true", '"true"'],
  ["No", '"No"'],
  ["1", '"1"'],
  ["2026-01-31", '"2026-01-31"'],
  ["", '""'],
  [" padded ", '" padded "'],
  ["a: b", '"a: b"'],
  ["a #b", '"a #b"'],
  ["[a]", '"[a]"'],
  ["two\nlines", '"two\\nlines"'],
  ["\u0085\u2028", '"\\u0085\\u2028"'],
])("%j, which could be read as another type, is quoted", (text, quoted) => {
  expect(toYaml({ [text]: text })).toBe(`${quoted}: ${quoted}\n`);
});

/** The values as AsyncAPI's YAML reader parses them. The reader is slow, so all values are parsed together. */
const read = async (value: unknown): Promise<unknown> => {
  const document = { asyncapi: "3.0.0", info: { title: "t", version: "1", "x-value": value } };
  const { document: parsed } = await new Parser().parse(toYaml(document));
  return parsed?.info().json()["x-value"];
};

/** Keys with a meaning for the parser. */
const isUnfit = (text: string): boolean => /^(__proto__|\$ref|x-parser.*)$/.test(text);

test("a written value is read as the same value", async () => {
  const text = fc.string({ unit: "binary", maxLength: 20 }).filter((each) => !isUnfit(each));
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 3 }, text, text, fc.double(), fc.boolean(), tie("list"), tie("fields")),
    list: fc.array(tie("any"), { maxLength: 3 }),
    fields: fc.dictionary(text, tie("any"), { maxKeys: 3 }),
  })).fields;
  const values: unknown = JSON.parse(JSON.stringify(fc.sample(value, { numRuns: 400, seed: 4 })));
  expect(await read(values)).toEqual(values);
});
