import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromItem, toItem } from "../../../../lib/adapters/dynamodb/event-store/item.ts";
import type { StoredEvent } from "../../../../lib/model/message.ts";
import type { Commit } from "../../../../lib/ports/event-store.ts";
import { commit, placed } from "../../../../lib/testing/contracts/samples/commit.ts";
import { data, text } from "../json.ts";

const event: fc.Arbitrary<StoredEvent> = fc
  .record(
    { type: fc.string({ minLength: 1 }), data, schemaVersion: fc.integer({ min: 1, max: 99 }) },
    { requiredKeys: ["type", "data"] },
  )
  .map((made) => ({ ...made }));

const metadata = fc
  .record(
    {
      causationId: text,
      correlationId: text,
      issuedAt: text,
      sagaId: text,
      actor: text,
      bodyHash: text,
      traceparent: text,
    },
    { requiredKeys: ["causationId", "correlationId", "issuedAt"] },
  )
  .map((made) => ({ ...made }));

const anyCommit: fc.Arbitrary<Commit> = fc
  .record({
    version: fc.integer({ min: 1 }),
    first: event,
    others: fc.array(event, { maxLength: 3 }),
    metadata,
  })
  .map(({ version, first, others, metadata }) => ({
    ...commit("order-1", version),
    events: [first, ...others],
    metadata,
  }));

test("any JSON in an event comes back unchanged", () => {
  fc.assert(
    fc.property(anyCommit, (stored) => {
      const back = fromItem(toItem(stored));
      expect(isDeepStrictEqual(back, stored)).toBe(true);
      // Equal objects may differ in the order of their keys, and in an inherited key.
      expect(JSON.stringify(back.events)).toBe(JSON.stringify(stored.events));
    }),
    { numRuns: 300 },
  );
});

test("`__proto__` in the data is a key like any other", () => {
  const odd: Record<string, unknown> = JSON.parse('{"__proto__":{"admin":true},"":1}');
  const [event] = fromItem(toItem(commit("order-1", 1, { events: [{ type: "Odd", data: odd }] }))).events;
  expect(Object.keys(event.data)).toEqual(["__proto__", ""]);
  expect(Object.getPrototypeOf(event.data)).toBe(Object.prototype);
});

describe("an item without a commit is refused with the reason", () => {
  const item = toItem(commit("order-1", 4, { events: [placed("1"), placed("2")] }));
  const cases = [
    ["no key", { ...item, pk: undefined }, "attribute pk of item ? is undefined"],
    ["a key that is not a stream id", { ...item, pk: { S: "order" } }, "order is not a stream id"],
    ["a version that is not a number", { ...item, sk: { N: "1.5" } }, "attribute sk of item order-1"],
    ["a wrong last version", { ...item, to: { N: "6" } }, "order-1 at 4 must end at 5, but ends at 6"],
    ["no last version", { ...item, to: undefined }, "attribute to of item order-1 is undefined"],
    ["no id", { ...item, id: { N: "1" } }, 'attribute id of item order-1 is {"N":"1"}'],
    ["broken events", { ...item, ev: { S: "[[" } }, "attribute ev of item order-1"],
    ["no events", { ...item, ev: { S: "[]" } }, "attribute ev of item order-1 at /: must have at least"],
    [
      "an event without data",
      { ...item, ev: { S: '[["OrderPlaced"]]' } },
      "ev of item order-1 at /0: must have",
    ],
    ["data that is a list", { ...item, ev: { S: '[["OrderPlaced",[]]]' } }, "at /0/1: Invalid input"],
    [
      "metadata without a cause",
      { ...item, md: { S: "{}" } },
      "attribute md of item order-1 at /causationId",
    ],
  ] as const;
  test.each(cases)("%s", (_, broken, because) => {
    // The value as it arrives, where any JSON may occur.
    expect(() => fromItem(JSON.parse(JSON.stringify(broken)))).toThrow(because);
  });

  test("only the beginning of a huge broken attribute is shown", () => {
    const broken = { ...item, ev: { S: "x".repeat(100_000) } };
    expect(() => fromItem(broken)).toThrow(/^.{0,300}$/);
  });
});
