import { expect, test } from "vitest";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import type { Commit, EventStore, ReadOptions } from "../../../lib/ports/event-store.ts";
import { cachedCommitsMax, cachingStore } from "../../../lib/runtime/streams/caching-store.ts";

const commit = (version: number, events = 1, streamId: Commit["streamId"] = "order-1"): Commit => {
  const event = { type: "Noted", data: { version } };
  return {
    streamId,
    version,
    id: `${streamId}/${version}`,
    at: "2026-01-01T00:00:00.000Z",
    events: [event, ...Array.from({ length: events - 1 }, () => event)],
    metadata: { causationId: "c", correlationId: "c", issuedAt: "2026-01-01T00:00:00.000Z" },
  };
};

/** A store that records its reads. */
const watched = (hides: (commit: Commit) => boolean = () => false) => {
  const store = memoryEventStore();
  const reads: ReadOptions[] = [];
  const read: EventStore["read"] = async (streamId, options) => {
    reads.push(options);
    const commits = await store.read(streamId, options);
    return options.consistency === "strong" ? commits : commits.filter((each) => !hides(each));
  };
  return { store: { ...store, read }, reads };
};

const versions = (commits: readonly Commit[]) => commits.map(({ version }) => version);

test("a commit that was read or appended is not read again", async () => {
  const { store, reads } = watched();
  const caching = cachingStore(store);
  await store.append(commit(1, 2));
  await caching.read("order-1", { consistency: "eventual" });
  await caching.append(commit(3));
  await store.append(commit(4));
  expect(versions(await caching.read("order-1", { consistency: "strong" }))).toEqual([1, 3, 4]);
  expect(reads).toEqual([
    { after: 0, consistency: "eventual" },
    { after: 3, consistency: "strong" },
  ]);
});

test("the winner of a conflict is cached", async () => {
  const { store, reads } = watched();
  const caching = cachingStore(store);
  await store.append(commit(1));
  await caching.append(commit(1));
  await caching.read("order-1", { consistency: "eventual" });
  expect(reads).toEqual([{ after: 1, consistency: "eventual" }]);
});

test("a gap is never cached", async () => {
  const { store } = watched(({ version }) => version === 2);
  const caching = cachingStore(store);
  for (const version of [1, 2, 3]) await store.append(commit(version));
  expect(versions(await caching.read("order-1", { consistency: "eventual" }))).toEqual([1, 3]);
  expect(versions(await caching.read("order-1", { consistency: "strong" }))).toEqual([1, 2, 3]);
});

test("only commits that begin after a version are returned", async () => {
  const { store } = watched();
  const caching = cachingStore(store);
  for (const version of [1, 2, 3]) await caching.append(commit(version));
  expect(versions(await caching.read("order-1", { after: 1, consistency: "strong" }))).toEqual([2, 3]);
});

/** Commits of a stream that fills the cache. */
const long = Array.from({ length: cachedCommitsMax }, (_, index) => commit(index + 1));

const storing = (commits: readonly Commit[]): EventStore => {
  const store = memoryEventStore();
  return {
    ...store,
    read: async (streamId, options) =>
      streamId === "order-1"
        ? commits.filter(({ version }) => version > (options.after ?? 0))
        : store.read(streamId, options),
  };
};

/** The versions after which a store is asked for commits. */
const asked = (store: EventStore) => {
  const after: unknown[] = [];
  const read: EventStore["read"] = (streamId, options) => {
    after.push([streamId, options.after]);
    return store.read(streamId, options);
  };
  return { store: { ...store, read }, after };
};

const eventual = { consistency: "eventual" } as const;

test("the least recently used streams are evicted", async () => {
  const { store, after } = asked(storing(long.slice(0, -1)));
  const caching = cachingStore(store);
  await caching.read("order-1", eventual);
  for (const id of ["order-2", "order-3"] as const) await caching.append(commit(1, 1, id));
  for (const id of ["order-3", "order-1"] as const) await caching.read(id, eventual);
  expect(after).toEqual([
    ["order-1", 0],
    ["order-3", 1],
    ["order-1", 0],
  ]);
});

test("a stream longer than the cache is read once, as long as no other stream is used", async () => {
  const { store, after } = asked(storing([...long, commit(cachedCommitsMax + 1)]));
  const caching = cachingStore(store);
  for (let time = 0; time < 2; time += 1) await caching.read("order-1", eventual);
  expect(after).toEqual([
    ["order-1", 0],
    ["order-1", cachedCommitsMax + 1],
  ]);
});
