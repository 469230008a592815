/**
 * Read models with a cache of the rows that this process has written. A cached row may be out of date. In that case
 * the write, which names the revision that was loaded, is a conflict, and the row is loaded again. So the cache
 * saves reads and never affects the result.
 */
import type { ReadModels, StoredRow } from "../../ports/read-models.ts";

/** A row has about one kilobyte. */
export const cachedRowsMax = 10_000;

export const cachingReadModels = (readModels: ReadModels): ReadModels => {
  /** Least recently used first. */
  const rows = new Map<string, StoredRow>();
  const nameOf = (projection: string, key: string) => `${projection} ${key}`;

  const keep = (projection: string, row: StoredRow) => {
    const name = nameOf(projection, row.key);
    rows.delete(name);
    rows.set(name, row);
    for (const oldest of rows.keys()) {
      if (rows.size <= cachedRowsMax) return;
      rows.delete(oldest);
    }
  };

  return {
    ...readModels,
    load: async (projection, keys) => {
      // Read before the missing rows are loaded, because other calls may evict these rows in the meantime.
      const found = new Map(
        keys.flatMap((key) => {
          const row = rows.get(nameOf(projection, key));
          return row ? [[key, row] as const] : [];
        }),
      );
      const missing = keys.filter((key) => !found.has(key));
      const loaded = missing.length > 0 ? await readModels.load(projection, missing) : [];
      for (const row of loaded) found.set(row.key, row);
      return keys.flatMap((key) => found.get(key) ?? []);
    },
    write: async (projection, written) => {
      // Even if the write fails, the cached rows may be out of date from now on.
      for (const { key } of written) rows.delete(nameOf(projection, key));
      const outcome = await readModels.write(projection, written);
      if (outcome === "written")
        for (const row of written) keep(projection, { ...row, revision: row.revision + 1 });
      return outcome;
    },
  };
};
