/** Rows for the contracts of the read models, and the projections that they belong to. */
import { expect } from "vitest";
import * as z from "zod";
import type { AnyProjection, Row } from "../../../model/projection.ts";
import type { ReadModels, StoredRow } from "../../../ports/read-models.ts";

const projection = (name: string, indexes: AnyProjection["indexes"] = {}): AnyProjection => ({
  name,
  row: z.object({}),
  sources: [],
  on: {},
  indexes,
});

/** Lists of every row see those of all tests: each test of such a list has a projection of its own. */
export const projections: readonly AnyProjection[] = [
  projection("book", { "by-author": { by: "author", newestFirst: "at" }, "by-shelf": { by: "shelf" } }),
  projection("newest-of-all", { all: { newestFirst: "at" } }),
  projection("all-by-key", { all: {} }),
  projection("odd-keys", { all: {}, "by-text": { by: "text" } }),
  projection("plain"),
];

let names = 0;
export const newName = () => `${process.pid}-${++names}`;

export const fresh = (key: string, row?: Row): StoredRow => ({ key, row, revision: 0, checkpoints: {} });

export const titlesOf = (rows: readonly Row[]) => rows.map(({ title }) => title);

export const write = async (readModels: ReadModels, name: string, rows: readonly StoredRow[]) => {
  for (const row of rows) expect(await readModels.write(name, [row])).toBe("written");
};

export const pages = async (
  readModels: ReadModels,
  name: string,
  index: string,
  limit: number,
  value?: string,
) => {
  const found: (readonly unknown[])[] = [];
  let from: string | undefined;
  do {
    const page = await readModels.list(name, { index, limit, value, from });
    if (page === "invalid") throw new Error("its own cursor is invalid");
    found.push(titlesOf(page.rows));
    from = page.next;
  } while (from !== undefined);
  return found;
};
