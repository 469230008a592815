/** Operators read the store again: to publish a stream, or for projections that missed a record. */

import { expect, test } from "vitest";
import { memoryBus } from "../../../lib/adapters/memory/bus.ts";
import { memoryDeadLetters } from "../../../lib/adapters/memory/dead-letters.ts";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import { memoryLedger } from "../../../lib/adapters/memory/ledger.ts";
import type { CurrentEvents } from "../../../lib/model/events/current.ts";
import type { Bus, PublishOutcome } from "../../../lib/ports/bus.ts";
import { type EventStore, UnreadableCommit } from "../../../lib/ports/event-store.ts";
import { operator } from "../../../lib/runtime/operations/operate.ts";
import { copiesAt, entryOf, history, place, projections } from "../../library/fixtures/catalogue.ts";
import { waitingEngine } from "../waiting-engine.ts";

const day = 24 * 3600 * 1000;
const recordedAt = Date.parse("2026-01-01T00:00:00.000Z");

type Circumstances = {
  readonly days?: number;
  readonly outcome?: PublishOutcome;
  readonly read?: EventStore["read"];
};

const fixture = async ({ days = 1, outcome, read }: Circumstances = {}) => {
  const books = await place(history);
  const { readModels, parked, log } = books;
  const store = { ...books.store, ...(read && { read }) };
  const taken = memoryBus();
  const publish: Bus["publish"] = async (events) =>
    outcome ? events.map(() => outcome) : taken.publish(events);
  const bus = { ...taken, publish };
  const clock = () => new Date(recordedAt + days * day);
  const current: CurrentEvents = (stored) => [stored];
  const ports = {
    current,
    store,
    readModels,
    parked,
    log,
    clock,
    bus,
    sleep: async () => {},
    random: () => 0,
  };
  const { engine } = waitingEngine();
  const nobody = { ledger: memoryLedger(), deadLetters: memoryDeadLetters(), instances: memoryInstances() };
  const operate = operator({ sagas: [], effects: [], projections }, { ...ports, ...nobody, engine });
  const parkedBy = (consumer: string) =>
    parked.park({ consumer, streamId: "book-1", version: 3, payload: "", error: "no JSON", at: "" });
  return { ...books, bus, operate, parkedBy };
};

const republish = { action: "republish", streamId: "book-1", after: 0 } as const;

test("a stream is published again and is no longer parked by the relay", async () => {
  const { operate, bus, parkedBy, parked } = await fixture();
  await parkedBy("relay");
  expect(await operate(republish)).toEqual({ kind: "republished", events: 5 });
  expect(bus.published().map(({ metadata }) => metadata.version)).toEqual([1, 2, 3, 4, 5]);
  expect(await parked.list()).toEqual([]);
});

test("commits that end after a version are published again", async () => {
  const { operate, bus } = await fixture();
  expect(await operate({ ...republish, after: 1 })).toEqual({ kind: "republished", events: 5 });
  expect(await operate({ ...republish, after: 4 })).toEqual({ kind: "republished", events: 1 });
  expect(bus.published().map(({ metadata }) => metadata.version)).toEqual([1, 2, 3, 4, 5, 5]);
});

test("if the bus fails, the operation fails and the stream stays parked", async () => {
  const { operate, parkedBy, parked } = await fixture({
    outcome: { kind: "failed", because: "InternalFailure" },
  });
  await parkedBy("relay");
  expect(await operate(republish)).toEqual({ kind: "failed" });
  expect(await parked.list()).toHaveLength(1);
});

test("if the bus refuses an event permanently, the stream is parked again from its first event", async () => {
  const { operate, parkedBy, parked } = await fixture({ outcome: { kind: "refused", because: "too large" } });
  await parkedBy("relay");
  expect(await operate(republish)).toEqual({ kind: "parked-again" });
  expect(await parked.list()).toMatchObject([{ consumer: "relay", version: 1, error: "too large" }]);
});

test("a stream is refused if the ledger of effects may have forgotten its events", async () => {
  const { operate, bus } = await fixture({ days: 31 });
  expect(await operate(republish)).toEqual({
    kind: "refused",
    because: "book-1 up to 5 is older than 30 days: its effects would run again",
  });
  expect(bus.published()).toEqual([]);
});

test.each([
  ["book", "book is not a stream id"],
  ["book-2", "book-2 has no events after version 0"],
])("%s: there is nothing to publish", async (streamId, because) => {
  const { operate } = await fixture();
  expect(await operate({ ...republish, streamId })).toEqual({ kind: "refused", because });
});

test("a record that the projector missed is redriven into all projections of its stream", async () => {
  const books = await fixture();
  await books.parkedBy("project");
  expect(await books.operate({ action: "redrive", projection: "project", streamId: "book-1" })).toEqual({
    kind: "redriven",
  });
  expect(await entryOf(books, "1")).toEqual({ bookId: "1", deliveries: [1, 2, 3] });
  expect(await copiesAt(books)).toEqual({ branch: "north", copies: 6 });
  expect(await books.parked.list()).toEqual([]);
});

test.each([republish, { action: "redrive", projection: "project", streamId: "book-1" } as const])(
  "$action of an unreadable stream changes nothing",
  async (operation) => {
    const { operate, parkedBy, parked, bus } = await fixture({
      read: async () => {
        throw new UnreadableCommit("book-1", 3, "no JSON");
      },
    });
    await parkedBy("relay");
    expect(await operate(operation)).toEqual({ kind: "refused", because: "stream book-1 at 3: no JSON" });
    expect(await parked.list()).toHaveLength(1);
    expect(bus.published()).toEqual([]);
  },
);
