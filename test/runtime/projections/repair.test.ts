/** What a replay of an archive does to read models: it gives back what is missing, and nothing else. */
import { expect, test } from "vitest";
import type { RecordedEvent } from "../../../lib/model/message.ts";
import { retry } from "../../../lib/ports/delivery.ts";
import type { Commit } from "../../../lib/ports/event-store.ts";
import { UnreadableCommit } from "../../../lib/ports/event-store.ts";
import { repairer } from "../../../lib/runtime/projections/repair.ts";
import { recordedEvents } from "../../../lib/runtime/streams/recorded.ts";
import { added, cartIn, commit, demandIn, history, opened, place, projections, recordOf } from "../carts.ts";

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
  Promise.all(projections.map(({ name }) => readModels.load(name, ["1", "pear", "-cart-1"])));

test("a row that was never written is there after any one of its events", async () => {
  for (const delivery of deliveriesOf(history)) {
    const fixture = await place(history);
    expect(await repairing(fixture)([delivery])).toEqual([]);
    const whole = await place(history);
    await whole.project()(history.map((each) => recordOf(each)));
    expect(await cartIn(fixture, "1")).toEqual(await cartIn(whole, "1"));
    expect(await demandIn(fixture)).toEqual(await demandIn(whole));
  }
});

test("a row that has all its events is not touched, in whatever order they come and however often", async () => {
  const fixture = await place(history);
  await fixture.project()(history.map((each) => recordOf(each)));
  const before = await rowsOf(fixture);
  const twice = [...deliveriesOf(history).toReversed(), ...deliveriesOf(history)];
  expect(await repairing(fixture)(twice)).toEqual([]);
  expect(await rowsOf(fixture)).toEqual(before);
});

test("what does not come from an event, or from a stream that nobody follows, is done", async () => {
  const fixture = await place([]);
  const foreign = { ...commit("1", 1, opened("1")), streamId: "payment-1" } as const;
  const deadline = { id: "d", receiveCount: 1, kind: "deadline", sagaId: "run/1", task: "one#1" } as const;
  const unreachable = {
    ...fixture.store,
    read: async () => {
      throw new Error("nobody asks for it");
    },
  };
  expect(await repairing(fixture, { store: unreachable })([...deliveriesOf([foreign]), deadline])).toEqual(
    [],
  );
});

test("only events whose stream the store could not give come again", async () => {
  const commits = [commit("1", 1, added("1", 1)), commit("2", 1, added("2", 2))];
  const fixture = await place(commits);
  const store: Fixture["store"] = {
    ...fixture.store,
    read: async (streamId, options) => {
      if (streamId === "cart-2") throw new Error("throttled");
      return fixture.store.read(streamId, options);
    },
  };
  expect(await repairing(fixture, { store })(deliveriesOf(commits))).toEqual([retry("cart-2@1")]);
  expect(await cartIn(fixture, "1")).toEqual({ cartId: "1", quantities: [1] });
});

test("a stream that nobody can read holds up nothing", async () => {
  const fixture = await place([commit("1", 1, opened("1"))]);
  const store: Fixture["store"] = {
    ...fixture.store,
    read: async (streamId) => {
      throw new UnreadableCommit(streamId, 1, "not JSON");
    },
  };
  expect(await repairing(fixture, { store })(deliveriesOf([commit("1", 1, opened("1"))]))).toEqual([]);
  expect(fixture.log.entries()).toContainEqual(
    expect.objectContaining({ kind: "problem", message: expect.stringContaining("not JSON") }),
  );
});
