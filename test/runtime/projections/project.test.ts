/** What a projector makes of batches of records: rows, writes, failures. The order of commits is tested beside `follow`. */
import { describe, expect, test } from "vitest";
import { PermanentError } from "../../../lib/ports/permanent-error.ts";
import type { ReadModels } from "../../../lib/ports/read-models.ts";
import {
  added,
  cartIn,
  closed,
  commit,
  demandIn,
  type Event,
  history,
  opened,
  place,
  recordOf,
} from "../carts.ts";

const [first, second] = history.map((each) => recordOf(each));

test("a deleted row leaves a tombstone: what comes late does not bring it back", async () => {
  const commits = [commit("1", 1, opened("1")), commit("1", 2, added("1", 1)), commit("1", 3, closed("1"))];
  const fixture = await place(commits);
  const project = fixture.project();
  for (const each of commits) await project([recordOf(each)]);
  for (const each of commits) await project([recordOf(each)]);
  expect(await cartIn(fixture, "1")).toBeUndefined();
  const [tombstone] = await fixture.readModels.load("open-carts", ["1"]);
  expect(tombstone).toMatchObject({ row: undefined, checkpoints: { "cart-1": { version: 3 } } });
});

test("a row that another has written in between is read again, and loses nothing", async () => {
  const commits = [commit("1", 1, added("1", 1)), commit("2", 1, added("2", 2))];
  const [one, other] = commits.map((each) => recordOf(each));
  const fixture = await place(commits);
  if (!one || !other) throw new Error("no records");
  const { readModels } = fixture;
  let isFirst = true;
  const overtaken: ReadModels = {
    ...readModels,
    write: async (projection, rows) => {
      const wasFirst = isFirst && projection === "demand";
      if (wasFirst) isFirst = false;
      if (wasFirst) await fixture.project()([other]);
      return readModels.write(projection, rows);
    },
  };
  expect(await fixture.project({ readModels: overtaken })([one])).toEqual([]);
  expect(await demandIn(fixture)).toEqual({ sku: "pear", quantity: 3 });
});

test("all records of a batch for one row are one write", async () => {
  const fixture = await place(history);
  await fixture.project()(history.map((each) => recordOf(each)));
  const [row] = await fixture.readModels.load("open-carts", ["1"]);
  expect(row?.revision).toBe(1);
});

test("rows and checkpoints of streams that share a row are written together", async () => {
  const commits = [
    commit("1", 1, added("1", 1)),
    commit("2", 1, added("2", 2)),
    commit("3", 1, added("3", 3, "fig")),
  ];
  const fixture = await place(commits);
  const writes: (readonly string[])[] = [];
  const readModels: ReadModels = {
    ...fixture.readModels,
    write: async (projection, rows) => {
      if (projection === "demand") writes.push(rows.map(({ key }) => key).toSorted());
      return fixture.readModels.write(projection, rows);
    },
  };
  await fixture.project({ readModels })(commits.map((each) => recordOf(each)));
  expect(writes.toSorted()).toEqual([
    ["-cart-1", "-cart-2", "pear"],
    ["-cart-3", "fig"],
  ]);
});

test("a fault of a port is a failure of the records: they come again, nothing is parked", async () => {
  const fixture = await place(history);
  const write = async () => {
    throw new Error("throttled");
  };
  if (!first || !second) throw new Error("no records");
  expect(await fixture.project({ readModels: { ...fixture.readModels, write } })([first, second])).toEqual([
    first.id,
    second.id,
  ]);
  expect(await fixture.parked.list()).toEqual([]);
});

describe("an event that a projection cannot take", () => {
  const poison: Event = { type: "Added", data: { cartId: "1", sku: "pear", quantity: "many" } };
  const poisoned = [commit("1", 1, opened("1")), commit("1", 2, poison), commit("1", 3, added("1", 1))];
  const healthy = commit("2", 1, opened("2"));

  test("parks its own stream, with payload and error, and counts as done; others go on", async () => {
    const fixture = await place([...poisoned, healthy]);
    const records = [...poisoned, healthy].map((each) => recordOf(each));
    expect(await fixture.project()(records)).toEqual([]);
    expect(await cartIn(fixture, "1")).toEqual({ cartId: "1", quantities: [] });
    expect(await cartIn(fixture, "2")).toEqual({ cartId: "2", quantities: [] });
    const [entry] = (await fixture.parked.list()).filter(({ consumer }) => consumer === "open-carts");
    expect(entry).toMatchObject({ streamId: "cart-1", version: 2, payload: JSON.stringify(poisoned[1]) });
    expect(entry?.error).toMatch(/number/);
    expect(fixture.log.counted()).toContain("StreamParked");
  });

  test("parks again under the same key when a later record comes", async () => {
    const fixture = await place(poisoned);
    const [, , last] = poisoned;
    if (!last) throw new Error("no record");
    await fixture.project()([recordOf(last)]);
    await fixture.project()([recordOf(last)]);
    const entries = (await fixture.parked.list()).filter(({ consumer }) => consumer === "open-carts");
    expect(entries.map(({ version }) => version)).toEqual([2]);
  });
});

test("a record that nobody can read is parked with its payload and counts as done", async () => {
  const fixture = await place([]);
  const record = {
    id: "r",
    kind: "unreadable",
    streamId: "cart-1",
    version: 7,
    payload: "{",
    error: "no JSON",
  } as const;
  expect(await fixture.project()([record])).toEqual([]);
  expect(await fixture.parked.list()).toEqual([
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

describe("a write holds a hundred rows", () => {
  /** As DynamoDB refuses a larger transaction. */
  const bounded = (readModels: ReadModels): ReadModels => ({
    ...readModels,
    write: async (projection, rows) => {
      if (rows.length > 100) throw new Error("at most 100 items in a transaction");
      return readModels.write(projection, rows);
    },
  });

  test("a hundred streams of one batch that share a row are followed one by one", async () => {
    const commits = Array.from({ length: 120 }, (_, index) => commit(`${index}`, 1, added(`${index}`, 1)));
    const fixture = await place(commits);
    const project = fixture.project({ readModels: bounded(fixture.readModels) });
    expect(await project(commits.map((each) => recordOf(each)))).toEqual([]);
    expect(await demandIn(fixture)).toEqual({ sku: "pear", quantity: 120 });
  });

  test("a stream with more rows than that is written in parts", async () => {
    const commits = Array.from({ length: 250 }, (_, index) =>
      commit("1", index + 1, added("1", 1, `sku-${index}`)),
    );
    const fixture = await place(commits);
    const project = fixture.project({ readModels: bounded(fixture.readModels) });
    expect(await project(commits.map((each) => recordOf(each)))).toEqual([]);
    expect(await demandIn(fixture, "sku-249")).toEqual({ sku: "sku-249", quantity: 1 });
  });

  test("a commit that changes more parks its stream, for no attempt could write it", async () => {
    const [one, ...others] = Array.from({ length: 101 }, (_, index) => added("1", 1, `sku-${index}`));
    if (!one) throw new Error("no events");
    const commits = [commit("1", 1, one, ...others)];
    const fixture = await place(commits);
    const project = fixture.project({ readModels: bounded(fixture.readModels) });
    expect(await project(commits.map((each) => recordOf(each)))).toEqual([]);
    expect(await fixture.parked.list()).toMatchObject([{ consumer: "demand", streamId: "cart-1" }]);
  });
});

describe("rows that the database refuses for their content", () => {
  type Fixture = Awaited<ReturnType<typeof place>>;

  /** Refuses each write that holds a row whose text has this word. */
  const refusing = ({ readModels }: Fixture, word: string) => {
    const writes: (readonly string[])[] = [];
    const write: ReadModels["write"] = async (projection, rows) => {
      writes.push(rows.map(({ key }) => key).toSorted());
      if (JSON.stringify(rows.map(({ row }) => row)).includes(word)) throw new PermanentError("too large");
      return readModels.write(projection, rows);
    };
    return { writes, readModels: { ...readModels, write } };
  };

  const parkedBy = async ({ parked }: Fixture, consumer: string) =>
    (await parked.list())
      .filter((each) => each.consumer === consumer)
      .map(({ streamId, version }) => `${streamId}@${version}`);

  test("park the stream for that projection, with payload and reason; all else goes on", async () => {
    const bad = commit("1", 1, added("1", 1, "bad"));
    const commits = [bad, ...["2", "3"].map((id) => commit(id, 1, added(id, 1)))];
    const fixture = await place(commits);
    const { readModels } = refusing(fixture, "bad");
    expect(await fixture.project({ readModels })(commits.map((each) => recordOf(each)))).toEqual([]);
    expect(await fixture.parked.list()).toEqual([
      {
        consumer: "demand",
        streamId: "cart-1",
        version: 1,
        payload: JSON.stringify(bad),
        error: "PermanentError: too large",
        at: new Date(0).toISOString(),
      },
    ]);
    expect(fixture.log.counted()).toEqual(["StreamParked"]);
    expect(await cartIn(fixture, "1")).toEqual({ cartId: "1", quantities: [1] });
    expect(await demandIn(fixture)).toEqual({ sku: "pear", quantity: 2 });
  });

  test("one row of a transaction is refused: its streams are written alone, and its neighbours are not parked", async () => {
    const commits = [
      commit("1", 1, added("1", 1), added("1", 1, "bad")),
      commit("2", 1, added("2", 2)),
      commit("3", 1, added("3", 3)),
    ];
    const fixture = await place(commits);
    const { writes, readModels } = refusing(fixture, "bad");
    expect(await fixture.project({ readModels })(commits.map((each) => recordOf(each)))).toEqual([]);
    expect(writes).toContainEqual(["-cart-1", "-cart-2", "-cart-3", "bad", "pear"]);
    expect(await parkedBy(fixture, "demand")).toEqual(["cart-1@1"]);
    expect(await demandIn(fixture)).toEqual({ sku: "pear", quantity: 5 });
  });

  test("a stream goes commit by commit: what comes before the bad one is written", async () => {
    const commits = Array.from({ length: 60 }, (_, index) =>
      commit("1", index + 1, added("1", 1, index === 50 ? "bad" : "pear")),
    );
    const fixture = await place(commits);
    const { readModels } = refusing(fixture, "bad");
    expect(await fixture.project({ readModels })(commits.map((each) => recordOf(each)))).toEqual([]);
    expect(await parkedBy(fixture, "demand")).toEqual(["cart-1@51"]);
    expect(await demandIn(fixture)).toEqual({ sku: "pear", quantity: 50 });
  });

  test("commits that are too large only together are all written", async () => {
    const commits = ["a", "b", "c"].map((sku, index) => commit("1", index + 1, added("1", 1, sku)));
    const fixture = await place(commits);
    const write: ReadModels["write"] = async (projection, rows) => {
      if (projection === "demand" && rows.length > 2) throw new PermanentError("over 4 MB");
      return fixture.readModels.write(projection, rows);
    };
    const readModels = { ...fixture.readModels, write };
    expect(await fixture.project({ readModels })(commits.map((each) => recordOf(each)))).toEqual([]);
    expect(await fixture.parked.list()).toEqual([]);
    expect(await demandIn(fixture, "c")).toEqual({ sku: "c", quantity: 1 });
  });

  test.each([
    ["is empty", ""],
    ["is too long", "k".repeat(2049)],
    ["is no text of UTF-8", "\ud800"],
  ])("a row whose key %s parks its stream alone", async (_, sku) => {
    const commits = [commit("1", 1, added("1", 1, sku)), commit("2", 1, added("2", 2))];
    const fixture = await place(commits);
    expect(await fixture.project()(commits.map((each) => recordOf(each)))).toEqual([]);
    expect(await parkedBy(fixture, "demand")).toEqual(["cart-1@1"]);
    expect(await demandIn(fixture)).toEqual({ sku: "pear", quantity: 2 });
  });

  test("a stream whose checkpoint has no key parks alone", async () => {
    const long = "k".repeat(2048 - "cart-".length);
    const commits = [commit(long, 1, added(long, 1)), commit("2", 1, added("2", 2))];
    const fixture = await place(commits);
    expect(await fixture.project()(commits.map((each) => recordOf(each)))).toEqual([]);
    expect(await parkedBy(fixture, "demand")).toEqual([`cart-${long}@1`]);
    expect(await demandIn(fixture)).toEqual({ sku: "pear", quantity: 2 });
  });

  test("a stream that cannot be parked comes again, and no other", async () => {
    const commits = [commit("1", 1, added("1", 1, "bad")), commit("2", 1, added("2", 2))];
    const fixture = await place(commits);
    const { readModels } = refusing(fixture, "bad");
    const park = () => Promise.reject(new Error("out of reach"));
    const again = await fixture.project({ readModels, parked: { ...fixture.parked, park } })(
      commits.map((each) => recordOf(each)),
    );
    expect(again).toEqual(["http/1/1"]);
    expect(await demandIn(fixture)).toEqual({ sku: "pear", quantity: 2 });
  });
});

test("what a stream has applied before a fault of a port is written with its checkpoint, so it counts once", async () => {
  const [first, second] = [commit("1", 1, added("1", 1)), commit("1", 2, added("1", 1, "fig"))];
  const other = commit("2", 1, added("2", 2));
  const fixture = await place([first, second, other]);
  let isFirst = true;
  const load: ReadModels["load"] = async (projection, keys) => {
    const fails = isFirst && keys.includes("fig");
    if (fails) isFirst = false;
    if (fails) throw new Error("throttled");
    return fixture.readModels.load(projection, keys);
  };
  const project = fixture.project({ readModels: { ...fixture.readModels, load } });
  const records = [first, second, other].map((each) => recordOf(each));
  expect(await project(records)).toEqual(["http/1/1", "http/1/2"]);
  expect(await project(records)).toEqual([]);
  expect(await demandIn(fixture)).toEqual({ sku: "pear", quantity: 3 });
  expect(await demandIn(fixture, "fig")).toEqual({ sku: "fig", quantity: 1 });
});
