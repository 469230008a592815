import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { fromRowItem, toRowItem } from "../../../lib/adapters/dynamodb/row-item.ts";
import type { AnyProjection } from "../../../lib/model/projection.ts";
import { isStreamId } from "../../../lib/model/stream.ts";
import type { StoredRow } from "../../../lib/ports/read-models.ts";
import { data, text } from "./json.ts";

const book: AnyProjection = {
  name: "book",
  row: z.object({}),
  sources: [],
  on: {},
  indexes: { all: {}, odd: { by: "__proto__", newestFirst: "" } },
};

const version = fc.integer({ min: 0 });

const anyRow: fc.Arbitrary<StoredRow> = fc
  .record({
    key: text,
    row: fc.option(data, { nil: undefined }),
    revision: version,
    gates: fc.dictionary(
      text.map((id) => `order-${id}`).filter(isStreamId),
      fc.record({ version, business: version }, { noNullPrototype: true }),
      { noNullPrototype: true },
    ),
  })
  .map((made) => ({ ...made }));

test("whatever JSON a row holds comes back exactly as it was, with the next revision", () => {
  fc.assert(
    fc.property(anyRow, (stored) => {
      const back = fromRowItem(toRowItem(book, stored));
      expect(isDeepStrictEqual(back, { ...stored, revision: stored.revision + 1 })).toBe(true);
      expect(JSON.stringify(back.row)).toBe(JSON.stringify(stored.row));
    }),
    { numRuns: 300 },
  );
});

test("`__proto__` in a row is a key like any other", () => {
  const odd: Record<string, unknown> = JSON.parse('{"__proto__":{"admin":true},"":1}');
  const { row = {} } = fromRowItem(toRowItem(book, { key: "1", row: odd, revision: 0, gates: {} }));
  expect(Object.keys(row)).toEqual(["__proto__", ""]);
  expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
});

describe("an item that holds no row is refused, with what is wrong", () => {
  const gates = { "order-1": { version: 4, business: 3 } } as const;
  const item = toRowItem(book, { key: "1", row: { title: "1" }, revision: 6, gates });
  const cases = [
    ["no key", { ...item, pk: undefined }, "attribute pk of item ? is undefined"],
    ["a revision that is no number", { ...item, rev: { S: "7" } }, 'attribute rev of item 1 is {"S":"7"}'],
    ["no revision", { ...item, rev: undefined }, "attribute rev of item 1 is undefined"],
    ["broken JSON", { ...item, row: { S: '{"title' } }, "attribute row of item 1"],
    [
      "a row that is a text",
      { ...item, row: { S: '"title"' } },
      "attribute row of item 1 at /: Invalid input",
    ],
    ["a row that is a list", { ...item, row: { S: "[]" } }, "attribute row of item 1 at /: Invalid input"],
    ["a row that is null", { ...item, row: { S: "null" } }, "attribute row of item 1 at /: Invalid input"],
    ["no gates", { ...item, gates: undefined }, "attribute gates of item 1 is undefined"],
    ["half a gate", { ...item, gates: { S: '{"order-1":[4]}' } }, "attribute gates of item 1 at /order-1"],
    [
      "a gate of no stream",
      { ...item, gates: { S: '{"order":[4,3]}' } },
      "gates of item 1: order is no stream",
    ],
  ] as const;
  test.each(cases)("%s", (_, broken, because) => {
    // As it comes over the wire, where anything may stand.
    expect(() => fromRowItem(JSON.parse(JSON.stringify(broken)))).toThrow(because);
  });
});
