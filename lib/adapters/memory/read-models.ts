/** The reference of the read models: a map a projection. */
import type { AnyProjection, Row } from "../../model/projection.ts";
import type { ReadModels, StoredRow } from "../../ports/read-models.ts";

const unwritten = (key: string): StoredRow => ({ key, row: undefined, revision: 0, gates: {} });

const textOf = (row: Row, field: string): string => {
  const value = row[field];
  return typeof value === "string" ? value : "";
};

export const memoryReadModels = (
  projections: readonly AnyProjection[],
): ReadModels & { readonly all: (projection: string) => readonly StoredRow[] } => {
  const tables = new Map(projections.map(({ name }) => [name, new Map<string, StoredRow>()]));
  const of = (name: string) => {
    const table = tables.get(name);
    if (!table) throw new Error(`there is no projection ${name}`);
    return table;
  };

  return {
    all: (name) => [...of(name).values()],
    load: async (name, keys) => keys.map((key) => of(name).get(key) ?? unwritten(key)),
    write: async (name, rows) => {
      const table = of(name);
      if (rows.some(({ key, revision }) => (table.get(key)?.revision ?? 0) !== revision)) return "conflict";
      for (const row of rows) table.set(row.key, structuredClone({ ...row, revision: row.revision + 1 }));
      return "written";
    },
    find: async (name, key) => {
      const found = of(name).get(key);
      return found?.row ? found : undefined;
    },
    list: async (name, { index, value, limit, from }) => {
      const { by, newestFirst } = projections.find((each) => each.name === name)?.indexes?.[index] ?? {};
      const list = JSON.stringify([name, index, value ?? ""]);
      const [of_, start] = from === undefined ? [list, 0] : cursorOf(from);
      if (of_ !== list) return "invalid";
      const rows = [...of(name).values()]
        .flatMap(({ key, row }) => (row ? [{ key, row }] : []))
        .filter(({ row }) => by === undefined || row[by] === value)
        .filter(({ row }) => newestFirst === undefined || textOf(row, newestFirst) !== "")
        .toSorted((one, other) =>
          newestFirst === undefined
            ? compare(one.key, other.key)
            : compare(textOf(other.row, newestFirst), textOf(one.row, newestFirst)),
        )
        .map(({ row }) => row);
      const page = rows.slice(start, start + limit);
      const end = start + limit;
      return end < rows.length ? { rows: page, next: toCursor(list, end) } : { rows: page };
    },
  };
};

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const toCursor = (list: string, start: number): string =>
  Buffer.from(`${start} ${list}`).toString("base64url");

const cursorOf = (text: string): readonly [list: string, start: number] => {
  const [, start = "0", list = ""] = /^(\d+) (.*)$/s.exec(Buffer.from(text, "base64url").toString()) ?? [];
  return [list, Number(start)];
};
