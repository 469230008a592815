import { describe, expect, test } from "vitest";
import * as z from "zod";
import { memoryEventStore } from "../../lib/adapters/memory/event-store.ts";
import { memoryLog } from "../../lib/adapters/memory/log.ts";
import { memoryParked } from "../../lib/adapters/memory/parked.ts";
import { memoryReadModels } from "../../lib/adapters/memory/read-models.ts";
import type { Decider } from "../../lib/model/decider.ts";
import type { Projection } from "../../lib/model/projection.ts";
import type { Commit, EventStore } from "../../lib/ports/event-store.ts";
import type { ReadModels } from "../../lib/ports/read-models.ts";
import { type ProjectPorts, projector } from "../../lib/runtime/project.ts";
import { timeline } from "../simulation/timeline.ts";

const cartId = z.string();
const commands = { Nothing: z.object({ cartId }) };
const events = {
  Opened: z.object({ cartId }),
  Added: z.object({ cartId, sku: z.string(), quantity: z.int() }),
  Closed: z.object({ cartId }),
};

const cart: Decider<undefined, typeof commands, typeof events, readonly []> = {
  name: "cart",
  identifiedBy: "cartId",
  commands,
  events,
  rejections: [],
  initialState: undefined,
  decide: { Nothing: () => [] },
  evolve: { Opened: () => undefined, Added: () => undefined, Closed: () => undefined },
};

const open = z.object({ cartId, quantities: z.array(z.int()) });
const demanded = z.object({ sku: z.string(), quantity: z.int() });

/** Its rows are the streams' own, and go when a cart is closed. */
const openCarts: Projection<typeof open, typeof cart> = {
  name: "open-carts",
  row: open,
  sources: [cart],
  on: {
    Opened: { key: "cartId", evolve: (_, { data }) => ({ cartId: data.cartId, quantities: [] }) },
    Added: {
      key: "cartId",
      evolve: (row, { data }) => ({
        cartId: data.cartId,
        quantities: [...(row?.quantities ?? []), data.quantity],
      }),
    },
    Closed: { key: "cartId", evolve: () => undefined },
  },
};

/** Its rows are made of many streams. */
const demand: Projection<typeof demanded, typeof cart> = {
  name: "demand",
  row: demanded,
  sources: [cart],
  on: {
    Added: {
      key: "sku",
      evolve: (row, { data: { sku, quantity } }) => ({ sku, quantity: (row?.quantity ?? 0) + quantity }),
    },
  },
};

const projections = [openCarts, demand];

type Event = Commit["events"][number];

const commit = (id: string, version: number, ...events: readonly [Event, ...Event[]]): Commit => ({
  streamId: `cart-${id}`,
  version,
  id: `http/${id}/${version}`,
  at: "2026-01-01T00:00:00.000Z",
  events,
  metadata: { causationId: "c", correlationId: "c", issuedAt: "2026-01-01T00:00:00.000Z" },
});

const opened = (id: string): Event => ({ type: "Opened", data: { cartId: id } });
const added = (id: string, quantity: number, sku = "pear"): Event => ({
  type: "Added",
  data: { cartId: id, sku, quantity },
});
const closed = (id: string): Event => ({ type: "Closed", data: { cartId: id } });
const ignored: Event = { type: "CommandIgnored", data: { command: "Nothing", commandId: "x" } };

const recordOf = (commit: Commit, id = commit.id) => ({ id, kind: "commit", commit }) as const;

const place = async (commits: readonly Commit[], options: { readonly readModels?: ReadModels } = {}) => {
  const store = memoryEventStore();
  for (const each of commits) await store.append(each);
  const memory = memoryReadModels(projections);
  const { readModels = memory } = options;
  const parked = memoryParked();
  const log = memoryLog();
  const ports: ProjectPorts = { store, readModels, parked, clock: () => new Date(0), log };
  const project = (over: Partial<ProjectPorts> = {}) => projector(projections, { ...ports, ...over });
  return { store, readModels, parked, log, project };
};

type Place = Awaited<ReturnType<typeof place>>;

const cartIn = async ({ readModels }: Place, id: string) => (await readModels.find("open-carts", id))?.row;
const demandIn = async ({ readModels }: Place, sku = "pear") => (await readModels.find("demand", sku))?.row;

const history = [
  commit("1", 1, opened("1"), added("1", 1)),
  commit("1", 3, added("1", 2)),
  commit("1", 4, ignored),
  commit("1", 5, added("1", 3)),
];

const [first, second, third, fourth] = history.map((each) => recordOf(each));

describe("the version gate", () => {
  test("skips what a row has", async () => {
    const desk = await place(history);
    const records = history.map((each) => recordOf(each));
    await desk.project()(records);
    await desk.project()(records);
    expect(await cartIn(desk, "1")).toEqual({ cartId: "1", quantities: [1, 2, 3] });
    expect(await demandIn(desk)).toEqual({ sku: "pear", quantity: 6 });
  });

  test("fills a gap from the store", async () => {
    const desk = await place(history);
    if (!fourth) throw new Error("no record");
    expect(await desk.project()([fourth])).toEqual([]);
    expect(await cartIn(desk, "1")).toEqual({ cartId: "1", quantities: [1, 2, 3] });
  });

  test("is advanced by receipts and events that nobody listens to", async () => {
    const desk = await place(history.slice(0, 3));
    if (!first || !second || !third) throw new Error("no records");
    await desk.project()([first, second, third]);
    const [row] = await desk.readModels.load("open-carts", ["1"]);
    expect(row?.gates).toEqual({ "cart-1": { version: 4, business: 3 } });
    const [checkpoint] = await desk.readModels.load("demand", ["-cart-1"]);
    expect(checkpoint).toMatchObject({ row: undefined, gates: { "cart-1": { version: 4, business: 3 } } });
  });

  test("refuses a store with a hole: the records come again", async () => {
    const desk = await place(history);
    if (!fourth) throw new Error("no record");
    const store: EventStore = {
      ...desk.store,
      read: async (...read) => (await desk.store.read(...read)).filter(({ version }) => version !== 3),
    };
    expect(await desk.project({ store })([fourth])).toEqual([fourth.id]);
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
      const desk = await place(carts.flat());
      const { readModels, store } = desk;
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
          const again = await desk.project({ readModels: slow(readModels), store: slow(store) })(batch);
          pending.push(...batch.filter(({ id }) => again.includes(id)));
        }
      };
      await time.until(Promise.all([work(), work()]));
      expect(await Promise.all(["1", "2", "3"].map((id) => cartIn(desk, id)))).toEqual([
        { cartId: "1", quantities: [5] },
        { cartId: "2", quantities: [5] },
        undefined,
      ]);
      expect(await demandIn(desk)).toEqual({ sku: "pear", quantity: 3 * 8 + 2 * 5 });
      expect(await demandIn(desk, "fig")).toEqual({ sku: "fig", quantity: 6 });
      expect(await desk.parked.list()).toEqual([]);
    },
  );
});

test("a deleted row leaves a tombstone: what comes late does not bring it back", async () => {
  const commits = [commit("1", 1, opened("1")), commit("1", 2, added("1", 1)), commit("1", 3, closed("1"))];
  const desk = await place(commits);
  const project = desk.project();
  for (const each of commits) await project([recordOf(each)]);
  for (const each of commits) await project([recordOf(each)]);
  expect(await cartIn(desk, "1")).toBeUndefined();
  const [tombstone] = await desk.readModels.load("open-carts", ["1"]);
  expect(tombstone).toMatchObject({ row: undefined, gates: { "cart-1": { version: 3 } } });
});

test("a row that another has written in between is read again, and loses nothing", async () => {
  const commits = [commit("1", 1, added("1", 1)), commit("2", 1, added("2", 2))];
  const [one, other] = commits.map((each) => recordOf(each));
  const desk = await place(commits);
  if (!one || !other) throw new Error("no records");
  const { readModels } = desk;
  let isFirst = true;
  const overtaken: ReadModels = {
    ...readModels,
    write: async (projection, rows) => {
      const wasFirst = isFirst && projection === "demand";
      if (wasFirst) isFirst = false;
      if (wasFirst) await desk.project()([other]);
      return readModels.write(projection, rows);
    },
  };
  expect(await desk.project({ readModels: overtaken })([one])).toEqual([]);
  expect(await demandIn(desk)).toEqual({ sku: "pear", quantity: 3 });
});

test("all records of a batch for one row are one write", async () => {
  const desk = await place(history);
  await desk.project()(history.map((each) => recordOf(each)));
  const [row] = await desk.readModels.load("open-carts", ["1"]);
  expect(row?.revision).toBe(1);
});

test("rows and gates of streams that share a row are written together", async () => {
  const commits = [
    commit("1", 1, added("1", 1)),
    commit("2", 1, added("2", 2)),
    commit("3", 1, added("3", 3, "fig")),
  ];
  const desk = await place(commits);
  const writes: (readonly string[])[] = [];
  const readModels: ReadModels = {
    ...desk.readModels,
    write: async (projection, rows) => {
      if (projection === "demand") writes.push(rows.map(({ key }) => key).toSorted());
      return desk.readModels.write(projection, rows);
    },
  };
  await desk.project({ readModels })(commits.map((each) => recordOf(each)));
  expect(writes.toSorted()).toEqual([
    ["-cart-1", "-cart-2", "pear"],
    ["-cart-3", "fig"],
  ]);
});

test("a fault of a port is a failure of the records: they come again, nothing is parked", async () => {
  const desk = await place(history);
  const write = async () => {
    throw new Error("throttled");
  };
  if (!first || !second) throw new Error("no records");
  expect(await desk.project({ readModels: { ...desk.readModels, write } })([first, second])).toEqual([
    first.id,
    second.id,
  ]);
  expect(await desk.parked.list()).toEqual([]);
});

describe("an event that a projection cannot take", () => {
  const poison: Event = { type: "Added", data: { cartId: "1", sku: "pear", quantity: "many" } };
  const poisoned = [commit("1", 1, opened("1")), commit("1", 2, poison), commit("1", 3, added("1", 1))];
  const healthy = commit("2", 1, opened("2"));

  test("parks its own stream, with payload and error, and counts as done; others go on", async () => {
    const desk = await place([...poisoned, healthy]);
    const records = [...poisoned, healthy].map((each) => recordOf(each));
    expect(await desk.project()(records)).toEqual([]);
    expect(await cartIn(desk, "1")).toEqual({ cartId: "1", quantities: [] });
    expect(await cartIn(desk, "2")).toEqual({ cartId: "2", quantities: [] });
    const [entry] = (await desk.parked.list()).filter(({ consumer }) => consumer === "open-carts");
    expect(entry).toMatchObject({ streamId: "cart-1", version: 2, payload: JSON.stringify(poisoned[1]) });
    expect(entry?.error).toMatch(/number/);
    expect(desk.log.counted()).toContain("StreamParked");
  });

  test("parks again under the same key when a later record comes", async () => {
    const desk = await place(poisoned);
    const [, , last] = poisoned;
    if (!last) throw new Error("no record");
    await desk.project()([recordOf(last)]);
    await desk.project()([recordOf(last)]);
    const entries = (await desk.parked.list()).filter(({ consumer }) => consumer === "open-carts");
    expect(entries.map(({ version }) => version)).toEqual([2]);
  });
});

test("a record that nobody can read is parked with its payload and counts as done", async () => {
  const desk = await place([]);
  const record = {
    id: "r",
    kind: "unreadable",
    streamId: "cart-1",
    version: 7,
    payload: "{",
    error: "no JSON",
  } as const;
  expect(await desk.project()([record])).toEqual([]);
  expect(await desk.parked.list()).toEqual([
    {
      consumer: "project",
      streamId: "cart-1",
      version: 7,
      payload: "{",
      error: "no JSON",
      at: new Date(0).toISOString(),
    },
  ]);
});
