import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { lossesIn, losslessJson } from "../../../lib/model/json/json-text.ts";
import { pointerTo } from "../../../lib/model/json/json-value.ts";

const found = (text: string) => [...lossesIn(text)].map(({ path, detail }) => [pointerTo(path), detail]);
const twice = (...pointers: readonly string[]) => pointers.map((each) => [each, "the field appears twice"]);
const inexact = (...pointers: readonly string[]) =>
  pointers.map((each) => [each, "the number cannot be kept exactly"]);

describe("a key that appears twice is found", () => {
  test.each([
    ["at the top", '{"a":1,"b":2,"a":1}', twice("/a")],
    ["with equal values", '{"a":1,"a":1}', twice("/a")],
    ["three times, with one loss per repetition", '{"a":1,"a":2,"a":3}', twice("/a", "/a")],
    ["inside", '{"x":{"a":1,"a":2}}', twice("/x/a")],
    ["in an element", '{"lines":[{"a":1},{"a":1,"b":[],"a":2}]}', twice("/lines/1/a")],
    ["in arrays of arrays", '[[],[[{}],[1,{"a":1,"a":2}]]]', twice("/1/1/1/a")],
    ["before and after an object that has the same key", '{"a":{"a":1},"a":2}', twice("/a")],
    ["with an escaped letter", String.raw`{"a":1,"\u0061":2}`, twice("/a")],
    ["with two spellings of an escape", String.raw`{"\n":1,"\u000a":2}`, twice("/\n")],
    ["with an escaped quote", String.raw`{"\"":1,"\"":2}`, twice('/"')],
    ["with an escaped backslash at its end", String.raw`{"a\\":1,"a\\":2}`, twice("/a\\")],
    ["with a pair of surrogates", String.raw`{"😀":1,"\ud83d\ude00":2}`, twice("/😀")],
    ["as __proto__", '{"__proto__":1,"__proto__":2}', twice("/__proto__")],
    ["as constructor", '{"constructor":1,"constructor":2}', twice("/constructor")],
    ["without a name", '{"":1,"":2}', twice("/")],
    ["with a name to escape", '{"a/b~":1,"a/b~":2}', twice("/a~1b~0")],
    ["between white space", '{ "a" : 1 ,\n\t"a" : 2 }', twice("/a")],
    ["after a value that looks like JSON", String.raw`{"x":"{\"a\":1,","a":1,"a":2}`, twice("/a")],
    ["after literals", '{"x":true,"y":null,"z":false,"a":-1.5e+3,"a":2}', twice("/a")],
  ])("%s", (_, text, expected) => expect(found(text)).toEqual(expected));
});

describe("a number that cannot be kept exactly is found", () => {
  test.each([
    ["beyond doubles", '{"a":[1e999]}', inexact("/a/0")],
    ["beyond doubles, negative", "-1e999", inexact("")],
    ["an integer with more digits than a double has", '{"id":12345678901234567890}', inexact("/id")],
    ["2^53 + 1", "[9007199254740993,-9007199254740993]", inexact("/0", "/1")],
  ])("%s", (_, text, expected) => expect(found(text)).toEqual(expected));
});

test.each([
  '{"a":{"a":1},"b":{"a":1}}',
  '[{"a":1},{"a":1}]',
  '{"a":"a","b":"a","A":1}',
  '{"a":["a","a"]}',
  String.raw`{"é":1,"e\u0301":2}`,
  "[0,-0,0.1,1e3,9007199254740992,9007199254740994,12345678901234567000,1000000000000000000000,1e21,-1.5E-7]",
  '"a"',
  "null",
  "[]",
  "{}",
])("nothing of %s is lost", (text) => {
  expect(found(text)).toEqual([]);
  expect(losslessJson(text)).toEqual(JSON.parse(text));
});

test("the output of JSON.stringify has no losses", () => {
  const property = fc.property(fc.jsonValue(), (value) => {
    expect(found(JSON.stringify(value))).toEqual([]);
  });
  fc.assert(property, { seed: 11 });
});

/** Keys have few different letters, plain or escaped. */
const keys = fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d", "e"), fc.boolean()), { maxLength: 6 });

test("the number of duplicates is the number of written keys minus the number of keys of the object", () => {
  const spelt = ([key, isEscaped]: readonly [string, boolean]) =>
    isEscaped ? `"\\u00${key.charCodeAt(0).toString(16)}":1` : `"${key}":1`;
  const property = fc.property(keys, (drawn) => {
    const text = `[0,{${drawn.map(spelt).join()}}]`;
    expect(found(text)).toHaveLength(drawn.length - new Set(drawn.map(([key]) => key)).size);
  });
  fc.assert(property, { seed: 11 });
});

test("the time of a scan is linear in the length of the text", () => {
  const looksAt = (text: string) => {
    const looks = vi.spyOn(String.prototype, "charCodeAt");
    found(text);
    const count = looks.mock.calls.length;
    looks.mockRestore();
    return count / text.length;
  };
  const odd = [
    `"${"x".repeat(50_000)}"`,
    `{"${"\\\\".repeat(20_000)}":1}`,
    `${"[".repeat(20_000)}${"]".repeat(20_000)}`,
    `{${Array.from({ length: 5_000 }, (_, index) => `"k${index % 2500}":1`).join()}}`,
    "1".repeat(20_000),
  ];
  for (const text of odd) expect(looksAt(text)).toBeLessThan(4);
});

test.each([
  ['{"a":1,"b":{"a":1,"a":2}}', "JSON at /b/a: the field appears twice"],
  ["[1e999]", "JSON at /0: the number cannot be kept exactly"],
  ["{", "JSON"],
])("%s is refused", (text, because) => expect(() => losslessJson(text)).toThrow(because));

test("an error does not quote the text", () => {
  for (const text of ["secret", '{"a": secret}', '{"a": 1} secret'])
    expect(() => losslessJson(text)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("secr") }),
    );
});
