/**
 * Read models whose rows are remembered by whoever writes them, for as long as its process lives. What is remembered
 * may be old: then the write, which names the revision that was loaded, is a conflict, and the row is loaded anew.
 * So memory saves reads and decides nothing.
 */
import type { ReadModels, StoredRow } from "../../ports/read-models.ts";

/** About a kilobyte each. */
const rowsMax = 10_000;

export const rememberingReadModels = (readModels: ReadModels, rowsRemembered = rowsMax): ReadModels => {
  /** In the order of their last use. */
  const rows = new Map<string, StoredRow>();
  const nameOf = (projection: string, key: string) => `${projection} ${key}`;

  const remember = (projection: string, row: StoredRow) => {
    const name = nameOf(projection, row.key);
    rows.delete(name);
    rows.set(name, row);
    for (const oldest of rows.keys()) {
      if (rows.size <= rowsRemembered) return;
      rows.delete(oldest);
    }
  };

  return {
    ...readModels,
    load: async (projection, keys) => {
      // Taken at once: others may be remembered in their place while the missing ones are loaded.
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
      // Whatever comes of it, fault included, what was remembered may be old from here on.
      for (const { key } of written) rows.delete(nameOf(projection, key));
      const outcome = await readModels.write(projection, written);
      if (outcome === "written")
        for (const row of written) remember(projection, { ...row, revision: row.revision + 1 });
      return outcome;
    },
  };
};
