import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromRowItem, toRowItem } from "../../../../lib/adapters/dynamodb/read-models/row-item.ts";
import { isStreamId } from "../../../../lib/model/stream.ts";
import { PermanentError } from "../../../../lib/ports/permanent-error.ts";
import type { StoredRow } from "../../../../lib/ports/read-models.ts";
import { book, item as itemOf, stored, tooLong } from "../books.ts";
import { data, text } from "../json.ts";

const version = fc.integer({ min: 0 });

const anyRow: fc.Arbitrary<StoredRow> = fc
  .record({
    // Other keys are refused.
    key: text.filter((key) => key.isWellFormed()),
    row: fc.option(data, { nil: undefined }),
    revision: version,
    checkpoints: fc.dictionary(
      text.map((id) => `order-${id}`).filter(isStreamId),
      fc.record({ version, business: version }, { noNullPrototype: true }),
      { noNullPrototype: true },
    ),
  })
  .map((made) => ({ ...made }));

test("any JSON in a row comes back unchanged, with the next revision", () => {
  fc.assert(
    fc.property(anyRow, (stored) => {
      const back = fromRowItem(toRowItem(book, stored));
      expect(isDeepStrictEqual(back, { ...stored, revision: stored.revision + 1 })).toBe(true);
      expect(JSON.stringify(back.row)).toBe(JSON.stringify(stored.row));
    }),
    { numRuns: 300 },
  );
});

test("a key that UTF-8 cannot encode is refused and not changed", () => {
  expect(() => toRowItem(book, stored("\ud800", 0))).toThrow(PermanentError);
});

test("`__proto__` in a row is a key like any other", () => {
  const odd: Record<string, unknown> = JSON.parse('{"__proto__":{"admin":true},"":1}');
  const { row = {} } = fromRowItem(toRowItem(book, { key: "1", row: odd, revision: 0, checkpoints: {} }));
  expect(Object.keys(row)).toEqual(["__proto__", ""]);
  expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
});

describe("the item of a row", () => {
  const indexed = { title: "1", author: "a", at: "2026-01-01", shelf: "s" };

  test("has the next revision, text and checkpoints, and its place in each index", () => {
    expect(itemOf(stored("1", 6, { row: indexed }))).toEqual({
      pk: { S: "1" },
      rev: { N: "7" },
      gates: { S: '{"order-1":[4,3]}' },
      row: { S: JSON.stringify(indexed) },
      i_all: { S: "all" },
      s_all: { S: "2026-01-01" },
      "i_by-author": { S: "a" },
      "s_by-author": { S: "2026-01-01" },
      "i_by-shelf": { S: "s" },
      "s_by-shelf": { S: "1" },
    });
  });

  const indexesOf = (row: StoredRow["row"]) =>
    Object.keys(itemOf(stored("1", 0, { row }))).filter((name) => name.startsWith("i_"));

  test("is in no index if it lacks its fields, or if they cannot be keys", () => {
    expect(indexesOf({ title: "1" })).toEqual([]);
    expect(indexesOf({ author: "a", shelf: "s" })).toEqual(["i_by-shelf"]);
    expect(indexesOf({ author: "", at: "2026-01-01" })).toEqual(["i_all"]);
    expect(indexesOf({ author: "a", at: "" })).toEqual([]);
    expect(indexesOf({ author: 1, at: "2026-01-01", shelf: null })).toEqual(["i_all"]);
    expect(indexesOf({ author: tooLong(2048), at: "2026-01-01" })).toEqual(["i_all"]);
    expect(indexesOf({ author: "\ud800", at: "2026-01-01" })).toEqual(["i_all"]);
    expect(indexesOf({ author: "a", at: tooLong(1024), shelf: "s" })).toEqual(["i_by-shelf"]);
    expect(indexesOf({ shelf: "ü".repeat(1024) })).toEqual(["i_by-shelf"]);
    expect(indexesOf({ shelf: "ü".repeat(1025) })).toEqual([]);
  });

  test("that was deleted, or that only has a checkpoint, is in no index", () => {
    expect(itemOf(stored("1", 6, { row: undefined }))).toEqual({
      pk: { S: "1" },
      rev: { N: "7" },
      gates: { S: '{"order-1":[4,3]}' },
    });
  });
});

describe("an item without a row is refused with the reason", () => {
  const checkpoints = { "order-1": { version: 4, business: 3 } } as const;
  const item = toRowItem(book, { key: "1", row: { title: "1" }, revision: 6, checkpoints });
  const cases = [
    ["no key", { ...item, pk: undefined }, "attribute pk of item ? is undefined"],
    ["a revision that is not a number", { ...item, rev: { S: "7" } }, 'attribute rev of item 1 is {"S":"7"}'],
    ["no revision", { ...item, rev: undefined }, "attribute rev of item 1 is undefined"],
    ["broken JSON", { ...item, row: { S: '{"title' } }, "attribute row of item 1"],
    [
      "a row that is a string",
      { ...item, row: { S: '"title"' } },
      "attribute row of item 1 at /: Invalid input",
    ],
    ["a row that is a list", { ...item, row: { S: "[]" } }, "attribute row of item 1 at /: Invalid input"],
    ["a row that is null", { ...item, row: { S: "null" } }, "attribute row of item 1 at /: Invalid input"],
    ["no checkpoints", { ...item, gates: undefined }, "attribute gates of item 1 is undefined"],
    [
      "half a checkpoint",
      { ...item, gates: { S: '{"order-1":[4]}' } },
      "attribute gates of item 1 at /order-1",
    ],
    [
      "a checkpoint that belongs to no stream",
      { ...item, gates: { S: '{"order":[4,3]}' } },
      "gates of item 1: order is not a stream id",
    ],
  ] as const;
  test.each(cases)("%s", (_, broken, because) => {
    // The value as it arrives, where any JSON may occur.
    expect(() => fromRowItem(JSON.parse(JSON.stringify(broken)))).toThrow(because);
  });
});
