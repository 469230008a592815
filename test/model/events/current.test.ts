/** Stored events of every version are read as today's events, or refused by name. */
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { AnyDecider } from "../../../lib/model/decider.ts";
import { currentEvents, UnreadableEvent } from "../../../lib/model/events/current.ts";
import {
  drop,
  lift,
  old,
  part,
  split,
  storedTypes,
  today,
  versionOfToday,
} from "../../../lib/model/events/past.ts";
import { storableEvent } from "../../../lib/model/json/storable-event.ts";
import type { Metadata } from "../../../lib/model/message.ts";
import { recorded } from "../recorded.ts";
import { parcel, withPast } from "./past.ts";

const stored = (type: string, data: Readonly<Record<string, unknown>>, metadata: Partial<Metadata> = {}) =>
  recorded("parcel-1", { type, data }, { version: 4, ...metadata });

const read = (event: ReturnType<typeof stored>, decider: AnyDecider = parcel) =>
  currentEvents([decider])(event);

const messages = (event: ReturnType<typeof stored>) => read(event).map(({ type, data }) => ({ type, data }));

const failure = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};

describe("a stored event is read as today's events", () => {
  const data = { parcelId: "1", customer: { id: "ada", name: "Ada" }, total: 100, placedOn: "2026-01-01" };

  test.each([
    [
      "lifted twice",
      stored("ParcelPlaced", { parcelId: "1", customerId: "ada", customerName: "Ada", price: 100 }),
    ],
    [
      "lifted once",
      stored(
        "ParcelPlaced",
        { parcelId: "1", customer: { id: "ada", name: "Ada" }, price: 100 },
        { schemaVersion: 2 },
      ),
    ],
    ["of today", stored("ParcelPlaced", data, { schemaVersion: 3 })],
  ])("%s", (_, event) => {
    expect(messages(event)).toEqual([{ type: "ParcelPlaced", data }]);
    expect(read(event)[0]?.metadata).toEqual({ ...event.metadata, schemaVersion: 3 });
  });

  test("renamed, with the version of its new type", () => {
    const [event] = read(stored("ParcelRevoked", { parcelId: "1", because: "late" }));
    expect(event).toMatchObject({ type: "ParcelCancelled", data: { parcelId: "1", reason: "late" } });
    expect(event?.metadata).not.toHaveProperty("schemaVersion");
  });

  test("split into parts that share a version; the first part keeps the id", () => {
    const events = read(stored("ParcelShipped", { parcelId: "1", by: "post" }));
    expect(events.map(({ type, metadata: { id, version } }) => [type, id, version])).toEqual([
      ["ParcelPacked", "parcel-1@4", 4],
      ["ParcelSent", "parcel-1@4.1", 4],
    ]);
  });

  test("dropped", () => expect(read(stored("ParcelViewed", { parcelId: "1" }))).toEqual([]));

  test("dropped, if a saga waits for the answer to its command", () => {
    const event = stored(
      "ParcelViewed",
      { parcelId: "1" },
      { sagaId: "delivery/1", commandId: "delivery/1/x", schemaVersion: 2 },
    );
    const past = [1, 2].map((version) => drop(old("ParcelViewed", version, z.object({}), {}), "unused"));
    const [answer, ...others] = read(event, withPast(parcel.events, past));
    expect(answer).toMatchObject({
      type: "CommandIgnored",
      data: { command: "ParcelViewed", commandId: "delivery/1/x" },
    });
    // A receipt has no version.
    expect(answer?.metadata).not.toHaveProperty("schemaVersion");
    expect(others).toEqual([]);
  });

  test("with the schema of its own decider, if another one has the type too", () => {
    const letter = { ...withPast({ ParcelSent: z.object({ parcelId: z.string() }) }, []), name: "letter" };
    const sent = stored("ParcelSent", { parcelId: "1" });
    for (const deciders of [
      [letter, parcel],
      [parcel, letter],
    ])
      expect(failure(() => currentEvents(deciders)(sent))).toMatchObject({ kind: "unfit" });
  });

  test("a default replaces a field that was not there, and undeclared fields are left out", () => {
    expect(messages(stored("ParcelPacked", { parcelId: "1", by: "Ada" }))).toEqual([
      { type: "ParcelPacked", data: { parcelId: "1", note: "none" } },
    ]);
  });

  test("a receipt as it is", () => {
    const receipt = stored("CommandIgnored", { command: "ViewParcel", commandId: "x" });
    expect(read(receipt)).toEqual([receipt]);
  });

  test("reading twice changes nothing", () => {
    const once = read(stored("ParcelShipped", { parcelId: "1", by: "post" }));
    expect(once.flatMap((event) => read(event))).toEqual(once);
  });

  test("a part that is split again has the same id, from the store and from the bus", () => {
    const schema = z.object({ at: z.string() });
    const [a1, b1] = [old("A", 1, schema, { at: "" }), old("B", 1, schema, { at: "" })];
    const events = { C: z.object({ at: z.string() }), D: z.object({ at: z.string() }) };
    const [c, d] = [today(events, "C"), today(events, "D")];
    const decider = withPast(events, [
      split(a1, [c, b1], (data) => [part(c, data), part(b1, data)]),
      split(b1, [c, d], (data) => [part(c, data), part(d, data)]),
    ]);
    const ids = (event: ReturnType<typeof stored>) => read(event, decider).map(({ metadata }) => metadata.id);
    expect(ids(stored("A", { at: "x" }))).toEqual(["parcel-1@4", "parcel-1@4.1", "parcel-1@4.1.1"]);
    expect(ids(stored("B", { at: "x" }, { id: "parcel-1@4.1" }))).toEqual(["parcel-1@4.1", "parcel-1@4.1.1"]);
  });
});

describe("an event that cannot be read is a named error", () => {
  test.each([
    ["unknown", "a type that no decider has", stored("ParcelBurnt", {})],
    ["unknown", "a version of an old type that never was", stored("ParcelRevoked", {}, { schemaVersion: 2 })],
    ["newer", "a version above today's", stored("ParcelPlaced", {}, { schemaVersion: 4 })],
    ["unfit", "data that do not fit today's schema", stored("ParcelSent", { parcelId: "1" })],
    ["unfit", "data that do not fit an old schema", stored("ParcelPlaced", { parcelId: "1" })],
    [
      "unfit",
      "data that an upcaster would take, but its version does not",
      stored("ParcelRevoked", { parcelId: "1", because: "" }),
    ],
    ["unknown", "a stream of no decider", stored("Paid", {}, { streamId: "payment-1" })],
  ])("%s: %s", (kind, _, event) => {
    const error = failure(() => read(event));
    expect(error).toBeInstanceOf(UnreadableEvent);
    expect(error).toMatchObject({ kind, event: { type: event.type } });
    expect(`${error}`).toContain("parcel-1@4");
  });

  test.each([
    ["throws", () => JSON.parse("{")],
    ["makes data that do not fit", () => ({ n: "7" })],
  ])("an upcaster that %s", (_, up) => {
    const events = { Y: z.object({ n: z.number() }) };
    const from = old("X", 1, z.object({}), {});
    const decider = withPast(events, [lift(from, today(events, "Y"), up)]);
    expect(failure(() => read(stored("X", {}), decider))).toMatchObject({ kind: "unfit" });
  });

  test("an upcaster that splits into a type that it does not name", () => {
    const events = { Y: z.object({}), Z: z.object({}) };
    const y = today(events, "Y");
    const from = old("X", 1, z.object({}), {});
    const untyped: readonly { type: "Y"; data: object }[] = JSON.parse('[{ "type": "Z", "data": {} }]');
    const decider = withPast(events, [
      split(from, [y], () => untyped.map((each) => ({ ...each, data: {} }))),
    ]);
    expect(failure(() => read(stored("X", {}), decider))).toMatchObject({
      kind: "unfit",
      message: expect.stringContaining("expected its upcaster to make Y, got Z"),
    });
  });
});

describe("the version that is stored", () => {
  test("follows from the past, and is absent for the first", () => {
    const sent = { type: "ParcelSent", data: { parcelId: "1", carrier: "post" } };
    expect(storableEvent(parcel, sent)).toEqual(sent);
    const placed = {
      type: "ParcelPlaced",
      data: { parcelId: "1", customer: { id: "ada", name: "Ada" }, total: 1, placedOn: "2026-01-01" },
    };
    expect(storableEvent(parcel, placed)).toEqual({ ...placed, schemaVersion: 3 });
  });

  test("is one more than the last old version of the type, in whatever order the links are", () => {
    const v = (version: number) => drop(old("A", version, z.object({}), {}), "unused");
    expect(versionOfToday([v(2), v(1)], "A")).toBe(3);
    expect(versionOfToday([v(2), v(1)], "B")).toBe(1);
  });
});

test("the stored types of an event include the types that lead to it over several links", () => {
  const events = { C: z.object({}), D: z.object({}) };
  const [c, d] = [today(events, "C"), today(events, "D")];
  const [a1, b1] = [old("A", 1, z.object({}), {}), old("B", 1, z.object({}), {})];
  const past = [lift(a1, b1, () => ({})), split(b1, [c, d], () => [part(c, {}), part(d, {})])];
  expect(["C", "D", "E"].map((type) => storedTypes(past, type))).toEqual([
    ["C", "B", "A"],
    ["D", "B", "A"],
    ["E"],
  ]);
});
