/** A projector turns batches of records into rows, writes and failures. The test of `follow` covers the order of commits. */
import { describe, expect, test } from "vitest";
import { PermanentError } from "../../../lib/ports/permanent-error.ts";
import type { ReadModels } from "../../../lib/ports/read-models.ts";
import {
  acquired,
  commit,
  copiesAt,
  discarded,
  type Event,
  entryOf,
  history,
  listed,
  place,
  recordOf,
} from "../../library/fixtures/catalogue.ts";

const [first, second] = history.map((each) => recordOf(each));

test("a deleted row leaves a tombstone: a late record does not restore it", async () => {
  const commits = [
    commit("1", 1, listed("1")),
    commit("1", 2, acquired("1", 1)),
    commit("1", 3, discarded("1")),
  ];
  const fixture = await place(commits);
  const project = fixture.project();
  for (const each of commits) await project([recordOf(each)]);
  for (const each of commits) await project([recordOf(each)]);
  expect(await entryOf(fixture, "1")).toBeUndefined();
  const [tombstone] = await fixture.readModels.load("catalogue", ["1"]);
  expect(tombstone).toMatchObject({ row: undefined, checkpoints: { "book-1": { version: 3 } } });
});

test("a row that another projector has written meanwhile is read again and loses nothing", async () => {
  const commits = [commit("1", 1, acquired("1", 1)), commit("2", 1, acquired("2", 2))];
  const [one, other] = commits.map((each) => recordOf(each));
  const fixture = await place(commits);
  if (!one || !other) throw new Error("no records");
  const { readModels } = fixture;
  let isFirst = true;
  const overtaken: ReadModels = {
    ...readModels,
    write: async (projection, rows) => {
      const wasFirst = isFirst && projection === "branch-copies";
      if (wasFirst) isFirst = false;
      if (wasFirst) await fixture.project()([other]);
      return readModels.write(projection, rows);
    },
  };
  expect(await fixture.project({ readModels: overtaken })([one])).toEqual([]);
  expect(await copiesAt(fixture)).toEqual({ branch: "north", copies: 3 });
});

test("all records of a batch for one row are one write", async () => {
  const fixture = await place(history);
  await fixture.project()(history.map((each) => recordOf(each)));
  const [row] = await fixture.readModels.load("catalogue", ["1"]);
  expect(row?.revision).toBe(1);
});

test("rows and checkpoints of streams that share a row are written together", async () => {
  const commits = [
    commit("1", 1, acquired("1", 1)),
    commit("2", 1, acquired("2", 2)),
    commit("3", 1, acquired("3", 3, "south")),
  ];
  const fixture = await place(commits);
  const writes: (readonly string[])[] = [];
  const readModels: ReadModels = {
    ...fixture.readModels,
    write: async (projection, rows) => {
      if (projection === "branch-copies") writes.push(rows.map(({ key }) => key).toSorted());
      return fixture.readModels.write(projection, rows);
    },
  };
  await fixture.project({ readModels })(commits.map((each) => recordOf(each)));
  expect(writes.toSorted()).toEqual([
    ["-book-1", "-book-2", "north"],
    ["-book-3", "south"],
  ]);
});

test("if a port fails, the records fail: they are delivered again and nothing is parked", async () => {
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

describe("an event that a projection cannot apply", () => {
  const poison: Event = { type: "CopiesAcquired", data: { bookId: "1", branch: "north", copies: "many" } };
  const poisoned = [commit("1", 1, listed("1")), commit("1", 2, poison), commit("1", 3, acquired("1", 1))];
  const healthy = commit("2", 1, listed("2"));

  test("parks its own stream with payload and error, and is done; other streams go on", async () => {
    const fixture = await place([...poisoned, healthy]);
    const records = [...poisoned, healthy].map((each) => recordOf(each));
    expect(await fixture.project()(records)).toEqual([]);
    expect(await entryOf(fixture, "1")).toEqual({ bookId: "1", deliveries: [] });
    expect(await entryOf(fixture, "2")).toEqual({ bookId: "2", deliveries: [] });
    const [entry] = (await fixture.parked.list()).filter(({ consumer }) => consumer === "catalogue");
    expect(entry).toMatchObject({ streamId: "book-1", version: 2, payload: JSON.stringify(poisoned[1]) });
    expect(entry?.error).toMatch(/number/);
    expect(fixture.log.counted()).toContain("StreamParked");
  });

  test("parks its stream again under the same key when a later record arrives", async () => {
    const fixture = await place(poisoned);
    const [, , last] = poisoned;
    if (!last) throw new Error("no record");
    await fixture.project()([recordOf(last)]);
    await fixture.project()([recordOf(last)]);
    const entries = (await fixture.parked.list()).filter(({ consumer }) => consumer === "catalogue");
    expect(entries.map(({ version }) => version)).toEqual([2]);
  });
});

test("an unreadable record is parked with its payload and is done", async () => {
  const fixture = await place([]);
  const record = {
    id: "r",
    kind: "unreadable",
    streamId: "book-1",
    version: 7,
    payload: "{",
    error: "no JSON",
  } as const;
  expect(await fixture.project()([record])).toEqual([]);
  expect(await fixture.parked.list()).toEqual([
    {
      consumer: "project",
      streamId: "book-1",
      version: 7,
      payload: "{",
      error: "no JSON",
      at: new Date(0).toISOString(),
    },
  ]);
});

describe("a write holds at most a hundred rows", () => {
  /** As DynamoDB refuses a larger transaction. */
  const bounded = (readModels: ReadModels): ReadModels => ({
    ...readModels,
    write: async (projection, rows) => {
      if (rows.length > 100) throw new Error("at most 100 items in a transaction");
      return readModels.write(projection, rows);
    },
  });

  test("more than a hundred streams that share a row are followed one by one", async () => {
    const commits = Array.from({ length: 120 }, (_, index) => commit(`${index}`, 1, acquired(`${index}`, 1)));
    const fixture = await place(commits);
    const project = fixture.project({ readModels: bounded(fixture.readModels) });
    expect(await project(commits.map((each) => recordOf(each)))).toEqual([]);
    expect(await copiesAt(fixture)).toEqual({ branch: "north", copies: 120 });
  });

  test("a stream with more rows is written in parts", async () => {
    const commits = Array.from({ length: 250 }, (_, index) =>
      commit("1", index + 1, acquired("1", 1, `branch-${index}`)),
    );
    const fixture = await place(commits);
    const project = fixture.project({ readModels: bounded(fixture.readModels) });
    expect(await project(commits.map((each) => recordOf(each)))).toEqual([]);
    expect(await copiesAt(fixture, "branch-249")).toEqual({ branch: "branch-249", copies: 1 });
  });

  test("a commit that changes more rows parks its stream, because no attempt could write it", async () => {
    const [one, ...others] = Array.from({ length: 101 }, (_, index) => acquired("1", 1, `branch-${index}`));
    if (!one) throw new Error("no events");
    const commits = [commit("1", 1, one, ...others)];
    const fixture = await place(commits);
    const project = fixture.project({ readModels: bounded(fixture.readModels) });
    expect(await project(commits.map((each) => recordOf(each)))).toEqual([]);
    expect(await fixture.parked.list()).toMatchObject([{ consumer: "branch-copies", streamId: "book-1" }]);
  });
});

describe("rows whose content the database refuses", () => {
  type Fixture = Awaited<ReturnType<typeof place>>;

  /** Refuses each write with a row whose text contains this word. */
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

  test("park the stream for that projection, with payload and reason; everything else goes on", async () => {
    const bad = commit("1", 1, acquired("1", 1, "bad"));
    const commits = [bad, ...["2", "3"].map((id) => commit(id, 1, acquired(id, 1)))];
    const fixture = await place(commits);
    const { readModels } = refusing(fixture, "bad");
    expect(await fixture.project({ readModels })(commits.map((each) => recordOf(each)))).toEqual([]);
    expect(await fixture.parked.list()).toEqual([
      {
        consumer: "branch-copies",
        streamId: "book-1",
        version: 1,
        payload: JSON.stringify(bad),
        error: "PermanentError: too large",
        at: new Date(0).toISOString(),
      },
    ]);
    expect(fixture.log.counted()).toEqual(["StreamParked"]);
    expect(await entryOf(fixture, "1")).toEqual({ bookId: "1", deliveries: [1] });
    expect(await copiesAt(fixture)).toEqual({ branch: "north", copies: 2 });
  });

  test("if one row of a transaction is refused, its streams are written alone and its neighbours are not parked", async () => {
    const commits = [
      commit("1", 1, acquired("1", 1), acquired("1", 1, "bad")),
      commit("2", 1, acquired("2", 2)),
      commit("3", 1, acquired("3", 3)),
    ];
    const fixture = await place(commits);
    const { writes, readModels } = refusing(fixture, "bad");
    expect(await fixture.project({ readModels })(commits.map((each) => recordOf(each)))).toEqual([]);
    expect(writes).toContainEqual(["-book-1", "-book-2", "-book-3", "bad", "north"]);
    expect(await parkedBy(fixture, "branch-copies")).toEqual(["book-1@1"]);
    expect(await copiesAt(fixture)).toEqual({ branch: "north", copies: 5 });
  });

  test("a stream is written commit by commit: the commits before the bad one are written", async () => {
    const commits = Array.from({ length: 60 }, (_, index) =>
      commit("1", index + 1, acquired("1", 1, index === 50 ? "bad" : "north")),
    );
    const fixture = await place(commits);
    const { readModels } = refusing(fixture, "bad");
    expect(await fixture.project({ readModels })(commits.map((each) => recordOf(each)))).toEqual([]);
    expect(await parkedBy(fixture, "branch-copies")).toEqual(["book-1@51"]);
    expect(await copiesAt(fixture)).toEqual({ branch: "north", copies: 50 });
  });

  test("commits that are too large only together are all written", async () => {
    const commits = ["a", "b", "c"].map((branch, index) => commit("1", index + 1, acquired("1", 1, branch)));
    const fixture = await place(commits);
    const write: ReadModels["write"] = async (projection, rows) => {
      if (projection === "branch-copies" && rows.length > 2) throw new PermanentError("over 4 MB");
      return fixture.readModels.write(projection, rows);
    };
    const readModels = { ...fixture.readModels, write };
    expect(await fixture.project({ readModels })(commits.map((each) => recordOf(each)))).toEqual([]);
    expect(await fixture.parked.list()).toEqual([]);
    expect(await copiesAt(fixture, "c")).toEqual({ branch: "c", copies: 1 });
  });

  test.each([
    ["is empty", ""],
    ["is too long", "k".repeat(2049)],
    ["is not valid UTF-8", "\ud800"],
  ])("a row whose key %s parks its stream alone", async (_, branch) => {
    const commits = [commit("1", 1, acquired("1", 1, branch)), commit("2", 1, acquired("2", 2))];
    const fixture = await place(commits);
    expect(await fixture.project()(commits.map((each) => recordOf(each)))).toEqual([]);
    expect(await parkedBy(fixture, "branch-copies")).toEqual(["book-1@1"]);
    expect(await copiesAt(fixture)).toEqual({ branch: "north", copies: 2 });
  });

  test("a stream whose checkpoint has no valid key is parked alone", async () => {
    const long = "k".repeat(2048 - "book-".length);
    const commits = [commit(long, 1, acquired(long, 1)), commit("2", 1, acquired("2", 2))];
    const fixture = await place(commits);
    expect(await fixture.project()(commits.map((each) => recordOf(each)))).toEqual([]);
    expect(await parkedBy(fixture, "branch-copies")).toEqual([`book-${long}@1`]);
    expect(await copiesAt(fixture)).toEqual({ branch: "north", copies: 2 });
  });

  test("only a stream that cannot be parked is delivered again", async () => {
    const commits = [commit("1", 1, acquired("1", 1, "bad")), commit("2", 1, acquired("2", 2))];
    const fixture = await place(commits);
    const { readModels } = refusing(fixture, "bad");
    const park = () => Promise.reject(new Error("out of reach"));
    const again = await fixture.project({ readModels, parked: { ...fixture.parked, park } })(
      commits.map((each) => recordOf(each)),
    );
    expect(again).toEqual(["http/1/1"]);
    expect(await copiesAt(fixture)).toEqual({ branch: "north", copies: 2 });
  });
});

test("events that a stream has applied before a port fails are written with its checkpoint and count once", async () => {
  const [first, second] = [commit("1", 1, acquired("1", 1)), commit("1", 2, acquired("1", 1, "south"))];
  const other = commit("2", 1, acquired("2", 2));
  const fixture = await place([first, second, other]);
  let isFirst = true;
  const load: ReadModels["load"] = async (projection, keys) => {
    const fails = isFirst && keys.includes("south");
    if (fails) isFirst = false;
    if (fails) throw new Error("throttled");
    return fixture.readModels.load(projection, keys);
  };
  const project = fixture.project({ readModels: { ...fixture.readModels, load } });
  const records = [first, second, other].map((each) => recordOf(each));
  expect(await project(records)).toEqual(["http/1/1", "http/1/2"]);
  expect(await project(records)).toEqual([]);
  expect(await copiesAt(fixture)).toEqual({ branch: "north", copies: 3 });
  expect(await copiesAt(fixture, "south")).toEqual({ branch: "south", copies: 1 });
});
