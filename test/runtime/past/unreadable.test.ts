/**
 * Events that cannot be read. While newer code may have recorded them, they are retried. Afterwards, a command is
 * refused, a stream is parked, and a message becomes a dead letter.
 */
import { describe, expect, test } from "vitest";
import { UnreadableEvent } from "../../../lib/model/events/current.ts";
import { isUnreadableForNow } from "../../../lib/model/events/unreadable-for-now.ts";
import type { StoredEvent } from "../../../lib/model/message.ts";
import { wait } from "../../../lib/ports/delivery.ts";
import { toTheEnd } from "../../../lib/runtime/handlers/to-the-end.ts";
import { recordedEvents } from "../../../lib/runtime/streams/recorded.ts";
import { deliveryOf } from "../deliveries.ts";
import { commitOf, world } from "./parcels.ts";

const unfit = { type: "ParcelCancelled", data: { parcelId: "1", reason: 7 } };
const unfitForItsUpcaster = { type: "ParcelRevoked", data: { parcelId: "1", because: "" } };
const unknown = { type: "ParcelWeighed", data: { parcelId: "1" } };
const newer = { type: "ParcelCancelled", data: { parcelId: "1", why: "late" }, schemaVersion: 2 };

type Case = readonly [kind: string, stored: StoredEvent, because: RegExp];

const never: readonly Case[] = [
  ["does not fit its schema", unfit, /^event parcel-1@1, ParcelCancelled@1: \/reason /],
  ["does not fit its old schema", unfitForItsUpcaster, /^event parcel-1@1, ParcelRevoked@1: \/because /],
];
const perhaps: readonly Case[] = [
  ["has a type that no decider knows", unknown, /^event parcel-1@1, ParcelWeighed@1: expected an event that/],
  ["has a version above today's", newer, /^event parcel-1@1, ParcelCancelled@2: expected at most version 1;/],
];

/** The kind, the event, its age in minutes, and the reason. */
type Row = readonly [kind: string, stored: StoredEvent, minutes: number, because: RegExp];
const at =
  (...ages: readonly number[]) =>
  ([kind, stored, because]: Case): readonly Row[] =>
    ages.map((minutes) => [kind, stored, minutes, because]);

const forGood = [...never.flatMap(at(0, 11)), ...perhaps.flatMap(at(10, 11))];
const forNow = perhaps.flatMap(at(0, 9.99));

const isParked = { consumer: "seen", streamId: "parcel-1", version: 1 };

describe.each(forGood)("an event that %s, at %s minutes %j", (_, stored, minutes, because) => {
  const worldOf = () => world([commitOf(stored)], minutes);

  test("refuses a command, which stores nothing", async () => {
    const { handle, post, stored: count } = await worldOf();
    await expect(handle()).rejects.toThrow(because);
    const { status, headers, body } = await post();
    expect([status, headers["retry-after"]]).toEqual([500, undefined]);
    expect(body).toMatchObject({ type: "urn:eventfold:problem:unreadable-event" });
    expect(await count()).toBe(1);
  });

  test("refuses the history of its stream", async () => {
    expect(await (await worldOf()).history()).toMatchObject({
      status: 500,
      body: { type: "urn:eventfold:problem:unreadable-event" },
    });
  });

  test("parks the stream for a projection", async () => {
    const { project, parked } = await worldOf();
    expect(await project()).toEqual([]);
    const [first] = await parked.list();
    expect(first).toMatchObject(isParked);
    expect(first?.error.replace("UnreadableEvent: ", "")).toMatch(because);
  });

  test("is parked by the relay", async () => {
    const { relay, parked, bus } = await worldOf();
    expect(await relay()).toEqual([]);
    const [first] = await parked.list();
    expect(first).toMatchObject({ ...isParked, consumer: "relay" });
    expect(first?.error).toMatch(because);
    expect(bus.published()).toEqual([]);
  });

  test("is a dead letter of an effect", async () => {
    const { notDone, performed } = await (await worldOf()).perform();
    expect(notDone).toHaveLength(4);
    for (const each of notDone) {
      expect(each).toMatchObject({ kind: "dead", id: "parcel-1@1" });
      expect("because" in each && each.because.replace("unreadable: ", "")).toMatch(because);
    }
    expect(performed).toEqual([]);
  });
});

describe.each(forNow)("an event that %s, at %s minutes %j", (_, stored, minutes, because) => {
  const worldOf = () => world([commitOf(stored)], minutes);

  test("delays a command, which stores nothing", async () => {
    const { post, stored: count } = await worldOf();
    const { status, headers, body } = await post();
    expect([status, headers["retry-after"]]).toEqual([503, "10"]);
    expect(body).toMatchObject({ type: "urn:eventfold:problem:not-yet-readable" });
    expect(await count()).toBe(1);
  });

  test("delays the history of its stream", async () => {
    expect(await (await worldOf()).history()).toMatchObject({
      status: 503,
      headers: { "retry-after": "10" },
    });
  });

  test("is redelivered to a projection, and parks nothing", async () => {
    const { project, parked, row } = await worldOf();
    expect(await project()).toEqual(["r1"]);
    expect([await parked.list(), (await row())?.checkpoints]).toEqual([[], {}]);
  });

  test("is published as it is stored, so that it delays no other event", async () => {
    const { relay, parked, bus } = await worldOf();
    expect(await relay()).toEqual([]);
    expect(await parked.list()).toEqual([]);
    expect(bus.published()).toMatchObject([{ type: stored.type, data: stored.data }]);
  });

  test("waits for newer code in the queue of an effect", async () => {
    const { notDone } = await (await worldOf()).perform();
    expect(notDone).toHaveLength(4);
    for (const each of notDone)
      expect(each).toEqual({ kind: "wait", id: "parcel-1@1", because: expect.stringMatching(because) });
  });
});

const cancelled = { type: "ParcelCancelled", data: { parcelId: "1", reason: "late" } };

test("the other events of a commit with an unreadable event are published", async () => {
  const { relay, parked, bus } = await world([commitOf(cancelled, unfit)]);
  expect(await relay()).toEqual([]);
  expect(bus.published().map(({ metadata }) => metadata.id)).toEqual(["parcel-1@1"]);
  expect(await parked.list()).toMatchObject([{ consumer: "relay", version: 2 }]);
});

test("data that do not fit are unreadable at any age", () => {
  const [stored] = recordedEvents(commitOf(unfit));
  if (!stored) throw new Error("expected an event");
  const now = new Date(stored.metadata.recordedAt);
  expect(isUnreadableForNow(new UnreadableEvent("unfit", stored, ""), now)).toBe(false);
  expect(isUnreadableForNow(new UnreadableEvent("newer", stored, ""), now)).toBe(true);
});

describe("a batch of a broker with a delivery that waits for newer code", () => {
  const [first, second] = recordedEvents(commitOf(cancelled, newer));
  const deliveries = [first, second].flatMap((each) => (each ? [deliveryOf(each)] : []));
  const messages = deliveries.map((delivery) => ({ id: delivery.id, read: () => delivery }));
  const patience = { attempts: 3, sleep: async () => {}, random: () => 0 };

  test("is redelivered as a whole after the last attempt, and nothing is given up", async () => {
    const tried: (readonly string[])[] = [];
    const givenUp: string[] = [];
    const handle = toTheEnd(async (all) => {
      tried.push(all.map(({ id }) => id));
      return [wait("parcel-1@2", "newer code has recorded it")];
    }, patience);
    const end = handle(messages, async ({ id }) => void givenUp.push(id));
    await expect(end).rejects.toThrow("newer code has recorded it");
    expect(tried).toEqual([["parcel-1@1", "parcel-1@2"], ["parcel-1@2"], ["parcel-1@2"]]);
    expect(givenUp).toEqual([]);
  });
});
