/** Whatever version an event was stored in, every consumer sees it in today's shape. */
import { describe, expect, test } from "vitest";
import type { Message, RecordedEvent, StoredEvent } from "../../../lib/model/message.ts";
import { recordedEvents } from "../../../lib/runtime/streams/recorded.ts";
import { rowsAfter } from "../../../lib/testing/rows-after.ts";
import { commitOf, projection, world } from "./parcels.ts";

const parcelId = "1";

const placed1 = { parcelId, customerId: "ada", customerName: "Ada", price: 100 };
const placed = { parcelId, customer: { id: "ada", name: "Ada" }, total: 100, placedOn: "2026-01-01" };
const cancelled = { parcelId, reason: "late" };

type Case = readonly [name: string, stored: StoredEvent, today: readonly Message[]];

const cases: readonly Case[] = [
  ["lifted twice", { type: "ParcelPlaced", data: placed1 }, [{ type: "ParcelPlaced", data: placed }]],
  [
    "stored today",
    { type: "ParcelPlaced", data: placed, schemaVersion: 3 },
    [{ type: "ParcelPlaced", data: placed }],
  ],
  [
    "renamed",
    { type: "ParcelRevoked", data: { parcelId, because: "late" } },
    [{ type: "ParcelCancelled", data: cancelled }],
  ],
  [
    "split",
    { type: "ParcelShipped", data: { parcelId, by: "post" } },
    [
      { type: "ParcelPacked", data: { parcelId, note: "shipped" } },
      { type: "ParcelSent", data: { parcelId, carrier: "post" } },
    ],
  ],
  ["dropped", { type: "ParcelViewed", data: { parcelId } }, []],
  [
    "stored without a field that has a default",
    { type: "ParcelPacked", data: { parcelId } },
    [{ type: "ParcelPacked", data: { parcelId, note: "none" } }],
  ],
];

const shownOf = (all: readonly Message[]) => all.map(({ type, data }) => ({ type, data }));

const idsOf = (all: readonly RecordedEvent[]) => all.map(({ metadata }) => metadata.id);

describe.each(cases)("an event that is %s", (_, stored, today) => {
  const commits = [commitOf(stored)];

  test("reaches the answer to a command", async () => {
    const answer = await (await world(commits)).handle();
    expect(answer).toMatchObject({ kind: "accepted", version: 1 });
    expect(shownOf(answer.history)).toEqual(today);
  });

  test("reaches the history of its stream", async () => {
    const { status, body } = await (await world(commits)).history();
    expect(status).toBe(200);
    expect(body).toMatchObject({ events: today });
    expect(body).toHaveProperty("events.length", today.length);
  });

  test("reaches a projection, and always advances its checkpoint", async () => {
    const { project, row, parked } = await world(commits);
    expect(await project()).toEqual([]);
    const found = await row();
    expect(found?.row?.seen ?? []).toEqual(today);
    expect(found?.checkpoints).toEqual({ "parcel-1": { version: 1, business: 1 } });
    expect(await parked.list()).toEqual([]);
  });

  test("reaches the bus", async () => {
    const { relay, bus } = await world(commits);
    expect(await relay()).toEqual([]);
    expect(shownOf(bus.published())).toEqual(today);
  });

  test("reaches effects", async () => {
    const { notDone, performed } = await (await world(commits)).perform();
    expect(notDone).toEqual([]);
    expect(shownOf(performed)).toEqual(today);
  });

  test("reaches the rows of a test", () => {
    const rows = rowsAfter(projection, commits.flatMap(recordedEvents));
    expect(rows[parcelId]?.seen ?? []).toEqual(today);
  });
});

const shipped = commitOf({ type: "ParcelShipped", data: { parcelId, by: "post" } });

test("the parts of a split share the version, and the first one keeps the id", async () => {
  const { relay, bus } = await world([shipped]);
  await relay();
  expect(idsOf(bus.published())).toEqual(["parcel-1@1", "parcel-1@1.1"]);
  expect(bus.published().map(({ metadata }) => metadata.version)).toEqual([1, 1]);
});

test("an effect that ran for the stored event does not run again for its first part", async () => {
  const { perform, ledger, clock } = await world([shipped]);
  const claimed = await ledger.claim("on-ParcelPacked/parcel-1@1", clock(), 60);
  expect(claimed.kind).toBe("claimed");
  await ledger.done("on-ParcelPacked/parcel-1@1");
  const { performed } = await perform();
  expect(idsOf(performed)).toEqual(["parcel-1@1.1"]);
});

test("the bus gets today's version of the schema", async () => {
  const { relay, bus } = await world([commitOf({ type: "ParcelPlaced", data: placed1 })]);
  await relay();
  expect(bus.published().map(({ metadata }) => metadata.schemaVersion)).toEqual([3]);
});

test("the version of a stream counts an event that no consumer needs today", async () => {
  const commits = [
    commitOf({ type: "ParcelCancelled", data: cancelled }, { type: "ParcelViewed", data: { parcelId } }),
  ];
  const { handle, project, row } = await world(commits);
  expect(await handle()).toMatchObject({ version: 2 });
  await project();
  expect((await row())?.checkpoints).toEqual({ "parcel-1": { version: 2, business: 2 } });
});

test("the answer to a repeated command has today's events", async () => {
  expect(await (await world([shipped])).handle("http/1")).toMatchObject({
    kind: "accepted",
    repeated: true,
    version: 1,
    events: [{ type: "ParcelPacked" }, { type: "ParcelSent" }],
  });
});
