/** Rows for the contracts of read models, and their projections. */
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

/** A list of every row has the rows of all tests, so each test of such a list has its own projection. */
export const projections: readonly AnyProjection[] = [
  projection("book", { "by-author": { by: "author", newestFirst: "at" }, "by-shelf": { by: "shelf" } }),
  projection("newest-of-all", { all: { newestFirst: "at" } }),
  projection("all-by-key", { all: {} }),
  projection("odd-keys", { all: {}, "by-text": { by: "text" } }),
  projection("plain"),
];

let names = 0;
/** A name that no other test uses. */
export const newName = () => `${process.pid}-${++names}`;

/** A row that was never written. */
export const fresh = (key: string, row?: Row): StoredRow => ({ key, row, revision: 0, checkpoints: {} });

/** The titles of rows. */
export const titlesOf = (rows: readonly Row[]) => rows.map(({ title }) => title);

/** Writes rows. Fails if there is a conflict. */
export const write = async (readModels: ReadModels, name: string, rows: readonly StoredRow[]) => {
  for (const row of rows) expect(await readModels.write(name, [row])).toBe("written");
};

/** The pages of a list. */
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
