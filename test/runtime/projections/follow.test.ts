/** How a projection follows a stream: each commit once, in order, however the records come. */
import { describe, expect, test } from "vitest";
import { type EventStore, UnreadableCommit } from "../../../lib/ports/event-store.ts";
import { timeline } from "../../simulation/timeline.ts";
import {
  added,
  cartIn,
  closed,
  commit,
  demandIn,
  history,
  ignored,
  opened,
  place,
  recordOf,
} from "../carts.ts";

const [first, second, third, fourth] = history.map((each) => recordOf(each));

describe("the checkpoint", () => {
  test("skips what a row has", async () => {
    const fixture = await place(history);
    const records = history.map((each) => recordOf(each));
    await fixture.project()(records);
    await fixture.project()(records);
    expect(await cartIn(fixture, "1")).toEqual({ cartId: "1", quantities: [1, 2, 3] });
    expect(await demandIn(fixture)).toEqual({ sku: "pear", quantity: 6 });
  });

  test("fills a gap from the store", async () => {
    const fixture = await place(history);
    if (!fourth) throw new Error("no record");
    expect(await fixture.project()([fourth])).toEqual([]);
    expect(await cartIn(fixture, "1")).toEqual({ cartId: "1", quantities: [1, 2, 3] });
  });

  test("reads the store only to fill a gap: what arrives in order or again costs no read", async () => {
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
    const filled = ["cart-1", { after: 3, consistency: "strong" }];
    expect(reads).toEqual([filled, filled]);
    await project([third]);
    await project([fourth, third, first]);
    expect(reads).toEqual([filled, filled]);
    expect(await cartIn(fixture, "1")).toEqual({ cartId: "1", quantities: [1, 2, 3] });
  });

  test("is advanced by receipts and events that nobody listens to", async () => {
    const fixture = await place(history.slice(0, 3));
    if (!first || !second || !third) throw new Error("no records");
    await fixture.project()([first, second, third]);
    const [row] = await fixture.readModels.load("open-carts", ["1"]);
    expect(row?.checkpoints).toEqual({ "cart-1": { version: 4, business: 3 } });
    const [checkpoint] = await fixture.readModels.load("demand", ["-cart-1"]);
    expect(checkpoint).toMatchObject({
      row: undefined,
      checkpoints: { "cart-1": { version: 4, business: 3 } },
    });
  });

  test("parks a stream with a hole: no other attempt would fill it, and others would wait", async () => {
    const fixture = await place(history);
    if (!fourth) throw new Error("no record");
    const store: EventStore = {
      ...fixture.store,
      read: async (...read) => (await fixture.store.read(...read)).filter(({ version }) => version !== 3),
    };
    expect(await fixture.project({ store })([fourth])).toEqual([]);
    expect(await fixture.parked.list()).toMatchObject([
      { consumer: "open-carts", streamId: "cart-1", version: 4 },
      { consumer: "demand", streamId: "cart-1", version: 4 },
    ]);
    expect(await cartIn(fixture, "1")).toEqual({ cartId: "1", quantities: [1] });
  });

  test("parks a stream of which nobody can read a commit, at that commit, once what came before is applied", async () => {
    const fixture = await place(history);
    if (!first || !fourth) throw new Error("no record");
    const store: EventStore = {
      ...fixture.store,
      read: async () => {
        throw new UnreadableCommit("cart-1", 3, "attribute ev is no JSON");
      },
    };
    const other = recordOf(commit("2", 1, opened("2")));
    expect(await fixture.project({ store })([first, fourth, other])).toEqual([]);
    expect(await fixture.parked.list()).toMatchObject([
      { consumer: "open-carts", streamId: "cart-1", version: 3 },
      { consumer: "demand", streamId: "cart-1", version: 3 },
    ]);
    expect(await cartIn(fixture, "1")).toEqual({ cartId: "1", quantities: [1] });
    expect(await cartIn(fixture, "2")).toEqual({ cartId: "2", quantities: [] });
  });

  test.each(Array.from({ length: 40 }, (_, seed) => seed))(
    "makes records shuffled, doubled and split between two projectors the fold of their events: seed %i",
    async (seed) => {
      const time = timeline({ seed, shuffled: true, clockJumps: false });
      const carts = ["1", "2", "3"].map((id) => [
        commit(id, 1, opened(id), added(id, 1)),
        commit(id, 3, added(id, 2, "fig")),
        commit(id, 4, ignored),
        commit(id, 5, added(id, 3), added(id, 4)),
        commit(id, 7, closed(id)),
        ...(id === "3" ? [] : [commit(id, 8, opened(id)), commit(id, 9, added(id, 5))]),
      ]);
      const fixture = await place(carts.flat());
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
      const pending = [...carts.flat(), ...carts.flat()].map((each, index) => recordOf(each, `${index}`));
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
      expect(await Promise.all(["1", "2", "3"].map((id) => cartIn(fixture, id)))).toEqual([
        { cartId: "1", quantities: [5] },
        { cartId: "2", quantities: [5] },
        undefined,
      ]);
      expect(await demandIn(fixture)).toEqual({ sku: "pear", quantity: 3 * 8 + 2 * 5 });
      expect(await demandIn(fixture, "fig")).toEqual({ sku: "fig", quantity: 6 });
      expect(await fixture.parked.list()).toEqual([]);
    },
  );
});
