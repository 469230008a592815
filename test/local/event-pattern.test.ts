import { describe, expect, test } from "vitest";
import { pattern } from "../../lib/local/events/pattern.ts";

const event = {
  source: "shop",
  "detail-type": "OrderPlaced",
  detail: {
    status: "PAID",
    amount: 42,
    note: null,
    empty: "",
    tags: ["red", "large"],
    nested: { flag: true },
    lines: [
      { sku: "a", quantity: 1 },
      { sku: "b", quantity: 5 },
    ],
    none: [],
  },
};

describe("an event pattern", () => {
  /** One row a statement: what it says, the pattern of `detail`, whether the event above matches. */
  test.each<readonly [string, unknown, boolean]>([
    ["a value of the list equals", { status: ["OPEN", "PAID"] }, true],
    ["no value of the list equals", { status: ["OPEN"] }, false],
    ["a number is no string", { amount: ["42"] }, false],
    ["numbers are equal by value", { amount: [42.0] }, true],
    ["null equals null", { note: [null] }, true],
    ["null is not absence", { missing: [null] }, false],
    ["the empty string is a value", { empty: [""] }, true],
    ["all fields must match", { status: ["PAID"], amount: [1] }, false],
    ["an element of an array matches", { tags: ["large"] }, true],
    ["fields of nested objects match", { nested: { flag: [true] } }, true],
    ["an object of an array matches as a whole", { lines: { sku: ["b"], quantity: [5] } }, true],
    ["objects of an array are not mixed", { lines: { sku: ["a"], quantity: [5] } }, false],
    ["prefix", { status: [{ prefix: "PA" }] }, true],
    ["prefix of a number never matches", { amount: [{ prefix: "4" }] }, false],
    ["suffix", { status: [{ suffix: "ID" }] }, true],
    ["equals-ignore-case", { status: [{ "equals-ignore-case": "paid" }] }, true],
    ["anything-but a value", { status: [{ "anything-but": "OPEN" }] }, true],
    ["anything-but the value", { status: [{ "anything-but": "PAID" }] }, false],
    ["anything-but a list", { status: [{ "anything-but": ["OPEN", "PAID"] }] }, false],
    ["anything-but a number", { amount: [{ "anything-but": [1, 2] }] }, true],
    ["anything-but needs the field", { missing: [{ "anything-but": "x" }] }, false],
    ["anything-but a prefix", { status: [{ "anything-but": { prefix: "PA" } }] }, false],
    ["anything-but another prefix", { status: [{ "anything-but": { prefix: "OP" } }] }, true],
    ["numeric within a range", { amount: [{ numeric: [">", 0, "<=", 42] }] }, true],
    ["numeric outside of a range", { amount: [{ numeric: [">", 0, "<", 42] }] }, false],
    ["numeric of a string never holds", { status: [{ numeric: ["=", 1] }] }, false],
    ["exists for a leaf", { status: [{ exists: true }] }, true],
    ["exists for null", { note: [{ exists: true }] }, true],
    ["exists not for an object: leaves only", { nested: [{ exists: true }] }, false],
    ["exists false for an object: leaves only", { nested: [{ exists: false }] }, true],
    ["exists false for an absent field", { missing: [{ exists: false }] }, true],
    ["exists false below an absent object", { missing: { field: [{ exists: false }] } }, true],
    ["exists false for a present leaf", { status: [{ exists: false }] }, false],
    ["exists false for an empty array", { none: [{ exists: false }] }, true],
    ["one of several operators", { amount: [{ numeric: [">", 100] }, { "anything-but": 101 }] }, true],
    ["$or: one of the patterns", { $or: [{ status: ["OPEN"] }, { amount: [42] }] }, true],
    ["$or: none of the patterns", { $or: [{ status: ["OPEN"] }, { amount: [43] }] }, false],
    ["$or and the fields beside it", { note: ["x"], $or: [{ status: ["PAID"] }, { amount: [1] }] }, false],
  ])("%s", (_, detail, matches) => {
    expect(pattern({ source: ["shop"], detail })(event)).toBe(matches);
  });

  test.each<readonly [unknown, string]>([
    [{ a: [{ wildcard: "x*" }] }, "operator wildcard is not run here"],
    [{ a: [{ cidr: "10.0.0.0/8" }] }, "operator cidr is not run here"],
    [{ a: [{ prefix: { "equals-ignore-case": "x" } }] }, "prefix of"],
    [{ a: [{ "anything-but": { suffix: "x" } }] }, "anything-but of"],
    [{ a: [{ prefix: "x", suffix: "y" }] }, "operator prefix, suffix"],
    [{ a: [{ numeric: ["~", 1] }] }, "numeric of"],
    [{ a: "x" }, 'a = "x" is not a list'],
    [{ a: [] }, "the list of a is empty"],
    [{ a: [["x"]] }, "within a list"],
    [{ $or: [{ a: ["x"] }] }, "$or ="],
    [{}, "{} is not a pattern"],
    ["text", '"text" is not a pattern'],
  ])("%j is refused", (definition, message) => {
    expect(() => pattern(definition)).toThrow(message);
  });
});
