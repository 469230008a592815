import { expect, test } from "vitest";
import * as z from "zod";
import { memoryReadModels } from "../../../lib/adapters/memory/read-models.ts";
import type { AnyProjection } from "../../../lib/model/projection.ts";
import type { ReadModels, StoredRow } from "../../../lib/ports/read-models.ts";
import { cachedRowsMax, cachingReadModels } from "../../../lib/runtime/projections/caching-read-models.ts";

/** The cache stores rows and never evolves them, so that the projection needs only a name and a schema. */
const projection: AnyProjection = { name: "tally", row: z.object({ n: z.int() }), sources: [], on: {} };

const row = (key: string, n: number, revision: number): StoredRow => ({
  key,
  row: { n },
  revision,
  checkpoints: { "order-1": { version: n, business: n } },
});

/** Read models that record their loads. */
const watched = () => {
  const readModels = memoryReadModels([projection]);
  const loads: (readonly string[])[] = [];
  const load: typeof readModels.load = (name, keys) => {
    loads.push(keys);
    return readModels.load(name, keys);
  };
  return { readModels: { ...readModels, load }, loads };
};

test("a row that was written is not loaded again, and can be written again", async () => {
  const { readModels, loads } = watched();
  const caching = cachingReadModels(readModels);
  expect(await caching.write("tally", [row("a", 1, 0)])).toBe("written");
  expect(await caching.load("tally", ["a", "b"])).toMatchObject([
    { row: { n: 1 }, revision: 1 },
    { revision: 0 },
  ]);
  expect(await caching.write("tally", [row("a", 2, 1)])).toBe("written");
  expect(loads).toEqual([["b"]]);
});

test("a row that another process has written since is a conflict, and is then loaded again", async () => {
  const { readModels } = watched();
  const caching = cachingReadModels(readModels);
  await caching.write("tally", [row("a", 1, 0)]);
  await readModels.write("tally", [row("a", 2, 1)]);
  const [old] = await caching.load("tally", ["a"]);
  expect(await caching.write("tally", [{ ...row("a", 3, 0), revision: old?.revision ?? 0 }])).toBe(
    "conflict",
  );
  expect(await caching.load("tally", ["a"])).toMatchObject([{ row: { n: 2 }, revision: 2 }]);
});

test("after a fault of a write the row is loaded again", async () => {
  const { readModels, loads } = watched();
  let isDown = false;
  const caching = cachingReadModels({
    ...readModels,
    write: (...given) => (isDown ? Promise.reject(new Error("no answer")) : readModels.write(...given)),
  });
  await caching.write("tally", [row("a", 1, 0)]);
  isDown = true;
  await expect(caching.write("tally", [row("a", 2, 1)])).rejects.toThrow("no answer");
  await caching.load("tally", ["a"]);
  expect(loads).toEqual([["a"]]);
});

/** Writes rows until the cache has no room for one more. */
const fill = async (caching: ReadModels, rows: number) => {
  for (let n = 0; n < rows; n += 1) await caching.write("tally", [row(`row-${n}`, 1, 0)]);
};

test("the least recently used rows are evicted", async () => {
  const { readModels, loads } = watched();
  const caching = cachingReadModels(readModels);
  await caching.write("tally", [row("a", 1, 0)]);
  await caching.write("tally", [row("b", 1, 0)]);
  await fill(caching, cachedRowsMax - 1);
  await caching.load("tally", ["a", "b"]);
  expect(loads).toEqual([["a"]]);
});

test("a row that is evicted while others are loaded is still returned", async () => {
  const { readModels } = watched();
  const slow: typeof readModels.load = async (name, keys) => {
    await fill(caching, cachedRowsMax);
    return readModels.load(name, keys);
  };
  const caching = cachingReadModels({ ...readModels, load: slow });
  await caching.write("tally", [row("a", 1, 0)]);
  expect(await caching.load("tally", ["a", "missing"])).toMatchObject([{ key: "a" }, { key: "missing" }]);
});
