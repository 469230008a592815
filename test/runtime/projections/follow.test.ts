/** How a projection follows a stream: each commit once, in order, however the records come. */
import { describe, expect, test } from "vitest";
import { type EventStore, UnreadableCommit } from "../../../lib/ports/event-store.ts";
import {
  acquired,
  commit,
  copiesAt,
  discarded,
  entryOf,
  history,
  ignored,
  listed,
  place,
  recordOf,
} from "../../library/fixtures/catalogue.ts";
import { timeline } from "../../simulation/timeline.ts";

const [first, second, third, fourth] = history.map((each) => recordOf(each));

describe("the checkpoint", () => {
  test("skips commits that the row already has", async () => {
    const fixture = await place(history);
    const records = history.map((each) => recordOf(each));
    await fixture.project()(records);
    await fixture.project()(records);
    expect(await entryOf(fixture, "1")).toEqual({ bookId: "1", deliveries: [1, 2, 3] });
    expect(await copiesAt(fixture)).toEqual({ branch: "north", copies: 6 });
  });

  test("fills a gap from the store", async () => {
    const fixture = await place(history);
    if (!fourth) throw new Error("no record");
    expect(await fixture.project()([fourth])).toEqual([]);
    expect(await entryOf(fixture, "1")).toEqual({ bookId: "1", deliveries: [1, 2, 3] });
  });

  test("reads the store only to fill a gap: a commit that arrives in order or twice costs no read", async () => {
    const fixture = await place(history);
    const reads: unknown[] = [];
    const store: EventStore = {
      ...fixture.store,
      read: (streamId, options) => {
        reads.push([streamId, options]);
        return fixture.store.read(streamId, options);
      },
    };
    const project = fixture.project({ store });
    if (!first || !second || !third || !fourth) throw new Error("no records");
    await project([first]);
    await project([first]);
    await project([second, first, second]);
    expect(reads).toEqual([]);
    await project([fourth]);
    const filled = ["book-1", { after: 3, consistency: "strong" }];
    expect(reads).toEqual([filled, filled]);
    await project([third]);
    await project([fourth, third, first]);
    expect(reads).toEqual([filled, filled]);
    expect(await entryOf(fixture, "1")).toEqual({ bookId: "1", deliveries: [1, 2, 3] });
  });

  test("is advanced by receipts and by events that no projection handles", async () => {
    const fixture = await place(history.slice(0, 3));
    if (!first || !second || !third) throw new Error("no records");
    await fixture.project()([first, second, third]);
    const [row] = await fixture.readModels.load("catalogue", ["1"]);
    expect(row?.checkpoints).toEqual({ "book-1": { version: 4, business: 3 } });
    const [checkpoint] = await fixture.readModels.load("branch-copies", ["-book-1"]);
    expect(checkpoint).toMatchObject({
      row: undefined,
      checkpoints: { "book-1": { version: 4, business: 3 } },
    });
  });

  test("parks a stream with a missing commit: no retry would find it, and other streams would wait", async () => {
    const fixture = await place(history);
    if (!fourth) throw new Error("no record");
    const store: EventStore = {
      ...fixture.store,
      read: async (...read) => (await fixture.store.read(...read)).filter(({ version }) => version !== 3),
    };
    expect(await fixture.project({ store })([fourth])).toEqual([]);
    expect(await fixture.parked.list()).toMatchObject([
      { consumer: "catalogue", streamId: "book-1", version: 4 },
      { consumer: "branch-copies", streamId: "book-1", version: 4 },
    ]);
    expect(await entryOf(fixture, "1")).toEqual({ bookId: "1", deliveries: [1] });
  });

  test("parks a stream at its first unreadable commit, after the earlier commits are applied", async () => {
    const fixture = await place(history);
    if (!first || !fourth) throw new Error("no record");
    const store: EventStore = {
      ...fixture.store,
      read: async () => {
        throw new UnreadableCommit("book-1", 3, "attribute ev is no JSON");
      },
    };
    const other = recordOf(commit("2", 1, listed("2")));
    expect(await fixture.project({ store })([first, fourth, other])).toEqual([]);
    expect(await fixture.parked.list()).toMatchObject([
      { consumer: "catalogue", streamId: "book-1", version: 3 },
      { consumer: "branch-copies", streamId: "book-1", version: 3 },
    ]);
    expect(await entryOf(fixture, "1")).toEqual({ bookId: "1", deliveries: [1] });
    expect(await entryOf(fixture, "2")).toEqual({ bookId: "2", deliveries: [] });
  });

  test.each(Array.from({ length: 40 }, (_, seed) => seed))(
    "makes records shuffled, doubled and split between two projectors the fold of their events: seed %i",
    async (seed) => {
      const time = timeline({ seed, shuffled: true, clockJumps: false });
      const books = ["1", "2", "3"].map((id) => [
        commit(id, 1, listed(id), acquired(id, 1)),
        commit(id, 3, acquired(id, 2, "south")),
        commit(id, 4, ignored),
        commit(id, 5, acquired(id, 3), acquired(id, 4)),
        commit(id, 7, discarded(id)),
        ...(id === "3" ? [] : [commit(id, 8, listed(id)), commit(id, 9, acquired(id, 5))]),
      ]);
      const fixture = await place(books.flat());
      const { readModels, store } = fixture;
      const slow = <Port extends object>(port: Port): Port =>
        new Proxy(port, {
          get: (target, name) => {
            const member: unknown = Reflect.get(target, name);
            return typeof member === "function"
              ? async (...parameters: unknown[]) => {
                  await time.sleep(time.below(10));
                  return Reflect.apply(member, target, parameters);
                }
              : member;
          },
        });
      const pending = [...books.flat(), ...books.flat()].map((each, index) => recordOf(each, `${index}`));
      const work = async () => {
        while (pending.length > 0) {
          const batch = Array.from({ length: 1 + time.below(4) }, () =>
            pending.splice(time.below(pending.length), 1),
          ).flat();
          const again = await fixture.project({ readModels: slow(readModels), store: slow(store) })(batch);
          pending.push(...batch.filter(({ id }) => again.includes(id)));
        }
      };
      await time.until(Promise.all([work(), work()]));
      expect(await Promise.all(["1", "2", "3"].map((id) => entryOf(fixture, id)))).toEqual([
        { bookId: "1", deliveries: [5] },
        { bookId: "2", deliveries: [5] },
        undefined,
      ]);
      expect(await copiesAt(fixture)).toEqual({ branch: "north", copies: 3 * 8 + 2 * 5 });
      expect(await copiesAt(fixture, "south")).toEqual({ branch: "south", copies: 6 });
      expect(await fixture.parked.list()).toEqual([]);
    },
  );
});
