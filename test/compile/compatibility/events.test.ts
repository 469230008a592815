/** Versions of events: which changes an upcaster covers, and which nothing reads. */
import { expect, test } from "vitest";
import * as z from "zod";
import { sentenceOf } from "../../../lib/compile/compatibility/changes/change.ts";
import { changesBetween } from "../../../lib/compile/compatibility/changes/changes.ts";
import { contractOf } from "../../../lib/compile/compatibility/contract/contract-of.ts";
import { drop, lift, old, part, split, today, type Upcast } from "../../../lib/model/events/past.ts";
import type { Schemas } from "../../../lib/model/message.ts";
import { trip, trips } from "./trips.ts";

const contractWith = (events: Schemas, past: readonly Upcast[] = []) =>
  contractOf({ ...trips, deciders: [{ ...trip, events, past }] });

type Version = readonly [events: Schemas, past?: readonly Upcast[]];

const linesFor = (before: Version, after: Version): readonly string[] =>
  changesBetween(contractWith(...before), contractWith(...after))
    .filter(({ part }) => part === "events")
    .map((change) => `${change.kind}: ${sentenceOf(change)}`);

const name = z.object({ name: z.string() });
const fullName = z.object({ fullName: z.string() });
const named1 = old("Named", 1, name, { name: "Ada" });
const withFullName = { Named: fullName };
const lifted = [lift(named1, today(withFullName, "Named"), ({ name: was }) => ({ fullName: was }))];

test("a renamed field breaks stored events, and subscribers see it", () => {
  expect(linesFor([{ Named: name }], [withFullName])).toEqual([
    "breaking: event trip.Named@1: fullName is new and required",
    "published: event trip.Named: name is removed",
  ]);
});

test("with an upcaster it is covered, and subscribers still see it", () => {
  expect(linesFor([{ Named: name }], [withFullName, lifted])).toEqual([
    "published: event trip.Named: name is removed",
    "covered: event trip.Named@1: is read by lift to Named@2",
    "compatible: event trip.Named: fullName is new and required",
  ]);
});

test("a field with a default reads stored events that lack it; without the default it no longer does", () => {
  const withDefault = { Named: name.extend({ nick: z.string().default("") }) };
  const required = { Named: name.extend({ nick: z.string() }) };
  expect(linesFor([{ Named: name }], [withDefault])).toEqual([
    "compatible: event trip.Named: nick is new and required",
  ]);
  expect(linesFor([withDefault], [required])).toEqual(["breaking: event trip.Named@1: nick is required now"]);
});

test("another default is a break, because stored events without the field are read with it", () => {
  const nick = (field: z.ZodType) => ({ Named: name.extend({ nick: field }) });
  const was = nick(z.string().default("none"));
  expect(linesFor([was], [nick(z.string().default("unknown"))])).toEqual([
    'breaking: event trip.Named@1: nick had the default "none" and has "unknown"',
  ]);
  expect(linesFor([was], [nick(z.string().optional())])).toEqual([
    'breaking: event trip.Named@1: nick had the default "none" and has none',
    "published: event trip.Named: nick may be missing now",
  ]);
  expect(linesFor([nick(z.string().optional())], [was])).not.toContainEqual(
    expect.stringContaining("breaking"),
  );
  const inList = (value: string) =>
    nick(z.array(z.object({ a: z.object({ b: z.string().default(value) }) })));
  expect(linesFor([inList("x")], [inList("y")])).toEqual([
    'breaking: event trip.Named@1: nick[].a.b had the default "x" and has "y"',
  ]);
});

test("the default of an old version stays too", () => {
  const past = (value: string) => {
    const first = old("Named", 1, z.object({ name: z.string().default(value) }), { name: "Ada" });
    return [lift(first, today(withFullName, "Named"), ({ name: was }) => ({ fullName: was }))];
  };
  expect(linesFor([withFullName, past("a")], [withFullName, past("b")])).toEqual([
    'breaking: event trip.Named@1: name had the default "a" and has "b"',
  ]);
  const copied = old("Named", 1, z.object({ name: z.string().default("b") }), { name: "Ada" });
  const before = { Named: z.object({ name: z.string().default("a") }) };
  const lifts = [lift(copied, today(withFullName, "Named"), ({ name: was }) => ({ fullName: was }))];
  expect(linesFor([before], [withFullName, lifts])).toContain(
    'breaking: event trip.Named@1: name had the default "a" and has "b"',
  );
});

test("an old version that is edited is a break, whatever the edit", () => {
  const edited = (schema: z.ZodObject) => [
    lift(old("Named", 1, schema, { name: "Ada" }), today(withFullName, "Named"), () => ({ fullName: "" })),
  ];
  const withLift: Version = [withFullName, lifted];
  expect(linesFor(withLift, [withFullName, edited(name.extend({ nick: z.string().optional() }))])).toEqual([
    "breaking: event trip.Named@1: nick is new and optional",
  ]);
  expect(linesFor(withLift, [withFullName, edited(z.object({ name: z.string().max(5) }))])).toEqual([
    "breaking: event trip.Named@1: name must have at most 5 characters",
  ]);
  expect(linesFor(withLift, [withFullName, edited(z.object({ name: z.unknown() }))])).toEqual([
    "breaking: event trip.Named@1: name was string and is anything",
  ]);
  expect(linesFor(withLift, [withFullName, edited(name.describe("as it was"))])).toEqual([]);
});

test("a field may have the name of an annotation", () => {
  const titled = name.extend({ title: z.string().optional() });
  const past = (schema: z.ZodObject) => [
    lift(old("Named", 1, schema, { name: "Ada" }), today(withFullName, "Named"), () => ({ fullName: "" })),
  ];
  expect(linesFor([withFullName, past(titled)], [withFullName, past(name)])).toEqual([
    "breaking: event trip.Named@1: title is removed",
  ]);
});

test("the copy that becomes an old version must read what was recorded", () => {
  const narrower = old("Named", 1, z.object({ name: z.string().max(5) }), { name: "Ada" });
  const past = [lift(narrower, today(withFullName, "Named"), ({ name: was }) => ({ fullName: was }))];
  expect(linesFor([{ Named: name }], [withFullName, past])).toContain(
    "breaking: event trip.Named@1: name must have at most 5 characters",
  );
});

test("an old version that is removed from the past is a break", () => {
  expect(linesFor([withFullName, lifted], [withFullName])).toEqual([
    "breaking: event trip.Named@1: is removed from past",
    "breaking: event trip.Named@2: is read by nothing",
  ]);
});

test("code that goes back to the earlier shape keeps the newer version in its past", () => {
  const back = { Named: name };
  const named2 = old("Named", 2, fullName, { fullName: "Ada" });
  const first = lift(named1, named2, ({ name: was }) => ({ fullName: was }));
  const past = [first, lift(named2, today(back, "Named"), ({ fullName: was }) => ({ name: was }))];
  expect(linesFor([withFullName, lifted], [back, past])).not.toContainEqual(
    expect.stringContaining("breaking"),
  );
  const direct = [lift(named1, today(back, "Named"), (data) => data), ...past.slice(1)];
  expect(linesFor([withFullName, lifted], [back, direct])).toContain(
    "breaking: event trip.Named@1: was read by lift to Named@2 and is read by lift to Named@3",
  );
});

test("only a version above today's says that the code is older", () => {
  const adviceFor = (before: Version, after: Version) =>
    changesBetween(contractWith(...before), contractWith(...after)).find(
      ({ what }) => what === "is read by nothing",
    )?.advice;
  expect(adviceFor([withFullName, lifted], [{ Named: name }])).toContain("this code is older");
  expect(adviceFor([{ Named: name, Seen: z.object({}) }], [{ Named: name }])).toContain("Keep it in past");
});

test("code without a field that had a default reads what was stored with it", () => {
  const withDefault = { Named: name.extend({ nick: z.string().default("") }) };
  expect(linesFor([withDefault], [{ Named: name }])).toEqual([
    "published: event trip.Named: nick is removed",
  ]);
});

test("a link that leads elsewhere is a break", () => {
  expect(linesFor([withFullName, lifted], [withFullName, [drop(named1, "unused")]])).toEqual([
    "breaking: event trip.Named@1: was read by lift to Named@2 and is read by drop",
  ]);
});

test("the next version adds a link at the end, and the earlier links stay", () => {
  const events = { Named: z.object({ names: z.array(z.string()) }) };
  const named2 = old("Named", 2, fullName, { fullName: "Ada" });
  const past = [
    lift(named1, named2, ({ name: was }) => ({ fullName: was })),
    lift(named2, today(events, "Named"), ({ fullName: was }) => ({ names: [was] })),
  ];
  expect(linesFor([withFullName, lifted], [events, past])).toEqual([
    "published: event trip.Named: fullName is removed",
    "covered: event trip.Named@2: is read by lift to Named@3",
    "compatible: event trip.Named: names is new and required",
  ]);
});

test("a removed type is a break, unless the past drops it, lifts it to another type or splits it", () => {
  const before: Version = [{ Named: name, Seen: z.object({}) }];
  const seen = old("Seen", 1, z.object({}), {});
  const gone = "published: event trip.Seen: is published no longer";
  const after = { Named: name };
  expect(linesFor(before, [after])).toEqual(["breaking: event trip.Seen@1: is read by nothing", gone]);
  expect(linesFor(before, [after, [drop(seen, "nobody reads it")]])).toEqual([
    gone,
    "covered: event trip.Seen@1: is read by drop",
  ]);
  expect(linesFor(before, [after, [lift(seen, today(after, "Named"), () => ({ name: "" }))]])).toEqual([
    gone,
    "covered: event trip.Seen@1: is read by lift to Named@1",
  ]);
  const two = { Named: name, Met: z.object({}) };
  const parts = [today(two, "Named"), today(two, "Met")] as const;
  const splits = split(seen, parts, () => [part(parts[0], { name: "" }), part(parts[1], {})]);
  expect(linesFor(before, [two, [splits]])).toEqual([
    gone,
    "covered: event trip.Seen@1: is read by split into Named@1 and Met@1",
    "compatible: event trip.Met: is new",
  ]);
});

test("a contract says how each version is read", () => {
  expect(contractWith(withFullName, lifted).events["trip.Named"]).toMatchObject({
    version: 2,
    versions: { 1: { link: "lift to Named@2" }, 2: {} },
  });
});
