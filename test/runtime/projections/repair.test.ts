/** A replay of an archive restores the rows that are missing, and changes nothing else. */
import { expect, test } from "vitest";
import type { RecordedEvent } from "../../../lib/model/message.ts";
import { retry } from "../../../lib/ports/delivery.ts";
import type { Commit } from "../../../lib/ports/event-store.ts";
import { UnreadableCommit } from "../../../lib/ports/event-store.ts";
import { repairer } from "../../../lib/runtime/projections/repair.ts";
import { recordedEvents } from "../../../lib/runtime/streams/recorded.ts";
import {
  acquired,
  commit,
  copiesAt,
  entryOf,
  history,
  listed,
  place,
  projections,
  recordOf,
} from "../../library/fixtures/catalogue.ts";

type Fixture = Awaited<ReturnType<typeof place>>;

const repairing = ({ store, readModels, parked, log }: Fixture, over: Partial<Pick<Fixture, "store">> = {}) =>
  repairer(projections, { store, readModels, parked, log, clock: () => new Date(0), ...over });

const deliveriesOf = (commits: readonly Commit[]) =>
  commits.flatMap(recordedEvents).map((event: RecordedEvent) => ({
    id: event.metadata.id,
    receiveCount: 1,
    kind: "event" as const,
    event,
  }));

const rowsOf = ({ readModels }: Fixture) =>
  Promise.all(projections.map(({ name }) => readModels.load(name, ["1", "north", "-book-1"])));

test("a row that was never written is complete after any one of its events", async () => {
  for (const delivery of deliveriesOf(history)) {
    const fixture = await place(history);
    expect(await repairing(fixture)([delivery])).toEqual([]);
    const whole = await place(history);
    await whole.project()(history.map((each) => recordOf(each)));
    expect(await entryOf(fixture, "1")).toEqual(await entryOf(whole, "1"));
    expect(await copiesAt(fixture)).toEqual(await copiesAt(whole));
  }
});

test("a row that has all its events does not change, whatever the order and number of deliveries", async () => {
  const fixture = await place(history);
  await fixture.project()(history.map((each) => recordOf(each)));
  const before = await rowsOf(fixture);
  const twice = [...deliveriesOf(history).toReversed(), ...deliveriesOf(history)];
  expect(await repairing(fixture)(twice)).toEqual([]);
  expect(await rowsOf(fixture)).toEqual(before);
});

test("a delivery without an event, or from a stream that no projection follows, is done", async () => {
  const fixture = await place([]);
  const foreign = { ...commit("1", 1, listed("1")), streamId: "payment-1" } as const;
  const deadline = { id: "d", receiveCount: 1, kind: "deadline", sagaId: "run/1", task: "one#1" } as const;
  const unreachable = {
    ...fixture.store,
    read: async () => {
      throw new Error("the store is not read");
    },
  };
  expect(await repairing(fixture, { store: unreachable })([...deliveriesOf([foreign]), deadline])).toEqual(
    [],
  );
});

test("only events whose stream cannot be read are delivered again", async () => {
  const commits = [commit("1", 1, acquired("1", 1)), commit("2", 1, acquired("2", 2))];
  const fixture = await place(commits);
  const store: Fixture["store"] = {
    ...fixture.store,
    read: async (streamId, options) => {
      if (streamId === "book-2") throw new Error("throttled");
      return fixture.store.read(streamId, options);
    },
  };
  expect(await repairing(fixture, { store })(deliveriesOf(commits))).toEqual([retry("book-2@1")]);
  expect(await entryOf(fixture, "1")).toEqual({ bookId: "1", deliveries: [1] });
});

test("an unreadable stream delays no other stream", async () => {
  const fixture = await place([commit("1", 1, listed("1"))]);
  const store: Fixture["store"] = {
    ...fixture.store,
    read: async (streamId) => {
      throw new UnreadableCommit(streamId, 1, "not JSON");
    },
  };
  expect(await repairing(fixture, { store })(deliveriesOf([commit("1", 1, listed("1"))]))).toEqual([]);
  expect(fixture.log.entries()).toContainEqual(
    expect.objectContaining({ kind: "problem", message: expect.stringContaining("not JSON") }),
  );
});
