/** Rows of a projection with an index of every kind, and their items. */
import * as z from "zod";
import { toRowItem } from "../../../lib/adapters/dynamodb/read-models/row-item.ts";
import type { AnyProjection } from "../../../lib/model/projection.ts";
import type { StoredRow } from "../../../lib/ports/read-models.ts";

export const book: AnyProjection = {
  name: "book",
  row: z.object({}),
  sources: [],
  on: {},
  indexes: {
    all: { newestFirst: "at" },
    "by-author": { by: "author", newestFirst: "at" },
    "by-shelf": { by: "shelf" },
  },
};

export const stored = (key: string, revision: number, given: Partial<StoredRow> = {}): StoredRow => ({
  key,
  row: { title: key },
  revision,
  checkpoints: { "order-1": { version: 4, business: 3 } },
  ...given,
});

/** The stored item once this row is written. */
export const item = (row: StoredRow) => toRowItem(book, row);

export const tooLong = (bytes: number) => "x".repeat(bytes + 1);
