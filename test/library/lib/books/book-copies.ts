/** The copies of a book: how many the library has, and how many are on the shelf. */
import type { Projection } from "eventfold";
import * as z from "zod";
import { book } from "./book.ts";

const row = z.object({ bookId: z.string(), copies: z.int(), available: z.int() });

export const bookCopies: Projection<typeof row, typeof book> = {
  name: "book-copies",
  row,
  sources: [book],
  on: {
    CopiesAcquired: {
      key: "bookId",
      evolve: (before, { data: { bookId, copies } }) => ({
        bookId,
        copies: (before?.copies ?? 0) + copies,
        available: (before?.available ?? 0) + copies,
      }),
    },
    CopyReserved: {
      key: "bookId",
      evolve: (before) => before && { ...before, available: before.available - 1 },
    },
    CopyReleased: {
      key: "bookId",
      evolve: (before) => before && { ...before, available: before.available + 1 },
    },
  },
};
