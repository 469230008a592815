/** The reference implementation of read models: one map per projection. */
import type { AnyProjection, Row } from "../../model/projection.ts";
import { PermanentError } from "../../ports/permanent-error.ts";
import type { ReadModels, StoredRow } from "../../ports/read-models.ts";

const unwritten = (key: string): StoredRow => ({ key, row: undefined, revision: 0, checkpoints: {} });

const textOf = (row: Row, field: string): string => {
  const value = row[field];
  return typeof value === "string" ? value : "";
};

/** The position of a row in a list. */
type Place = { readonly sort: string; readonly key: string };

/** Compares bytes, as databases do. `<` compares UTF-16 and would order some emoji differently. */
const compareTexts = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));

const comparePlaces = (one: Place, other: Place): number =>
  compareTexts(one.sort, other.sort) || compareTexts(one.key, other.key);

/** A list continues after a position. `list` identifies the list that the position belongs to. */
const toCursor = (list: string, { sort, key }: Place): string =>
  Buffer.from(JSON.stringify([list, sort, key])).toString("base64url");

const fromCursor = (list: string, text: string): Place | "invalid" => {
  try {
    const [, sort, key]: readonly unknown[] = JSON.parse(Buffer.from(text, "base64url").toString());
    if (typeof sort !== "string" || typeof key !== "string") return "invalid";
    return toCursor(list, { sort, key }) === text ? { sort, key } : "invalid";
  } catch {
    return "invalid";
  }
};

/** About the limits of a database, so that a test cannot write what the cloud would refuse. */
const bytesMax = { key: 2048, row: 400_000, rows: 4_000_000 } as const;

const checkKey = (key: string): void => {
  const isKey = key !== "" && key.isWellFormed() && Buffer.byteLength(key) <= bytesMax.key;
  if (!isKey)
    throw new PermanentError(`"${key.slice(0, 20)}…" cannot be a key: it has ${key.length} characters`);
};

const bytesOf = (row: StoredRow): number => {
  checkKey(row.key);
  try {
    return Buffer.byteLength(JSON.stringify(row));
  } catch (error) {
    throw new PermanentError(`row ${row.key} cannot be written as JSON: ${error}`, { cause: error });
  }
};

const check = (written: readonly StoredRow[]): void => {
  const sizes = written.map(bytesOf);
  const largest = Math.max(0, ...sizes);
  if (largest > bytesMax.row)
    throw new PermanentError(`a row has ${largest} bytes, at most ${bytesMax.row} are allowed`);
  const sum = sizes.reduce((all, size) => all + size, 0);
  if (sum > bytesMax.rows)
    throw new PermanentError(`the rows have ${sum} bytes, at most ${bytesMax.rows} are allowed per write`);
};

/** Read models in memory. */
export const memoryReadModels = (
  projections: readonly AnyProjection[],
): ReadModels & { readonly all: (projection: string) => readonly StoredRow[] } => {
  const tables = new Map(
    projections.map(({ name, indexes = {} }) => [name, { indexes, rows: new Map<string, StoredRow>() }]),
  );
  const of = (name: string) => {
    const table = tables.get(name);
    if (!table) throw new Error(`no projection is named ${name}`);
    return table;
  };

  return {
    all: (name) => [...of(name).rows.values()],
    load: async (name, keys) => {
      keys.forEach(checkKey);
      return keys.map((key) => of(name).rows.get(key) ?? unwritten(key));
    },
    write: async (name, written) => {
      const { rows } = of(name);
      check(written);
      if (written.some(({ key, revision }) => (rows.get(key)?.revision ?? 0) !== revision)) return "conflict";
      for (const row of written) rows.set(row.key, structuredClone({ ...row, revision: row.revision + 1 }));
      return "written";
    },
    find: async (name, key) => {
      const found = of(name).rows.get(key);
      return found?.row ? found : undefined;
    },
    list: async (name, { index, value, limit, from }) => {
      const { indexes, rows } = of(name);
      const { by, newestFirst } = indexes[index] ?? {};
      const list = JSON.stringify([name, index, value]);
      const start = from === undefined ? undefined : fromCursor(list, from);
      if (start === "invalid") return "invalid";
      const direction = newestFirst === undefined ? 1 : -1;
      const found = [...rows.values()]
        .flatMap(({ key, row }) => {
          if (!row || (by !== undefined && (textOf(row, by) === "" || row[by] !== value))) return [];
          return [{ row, key, sort: newestFirst === undefined ? key : textOf(row, newestFirst) }];
        })
        .filter(({ sort }) => sort !== "")
        .filter((place) => !start || comparePlaces(place, start) * direction > 0)
        .toSorted((one, other) => comparePlaces(one, other) * direction);
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      return { rows: page.map(({ row }) => row), ...(last && { next: toCursor(list, last) }) };
    },
  };
};
