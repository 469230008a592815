/** The contract of the lists of read models. */
import { describe, expect, test } from "vitest";
import type { Row } from "../../../model/projection.ts";
import type { ReadModels } from "../../../ports/read-models.ts";
import { oddTexts } from "../samples/odd-texts.ts";
import { fresh, newName, pages, write } from "./stored-rows.ts";

/** Tests the lists of read models. `make` returns a store with the tables for `projections`. */
export const readModelListsContract = (name: string, make: () => Promise<ReadModels>): void => {
  describe(`the read models ${name}: list`, () => {
    const byAuthor = async (readModels: ReadModels, books: readonly Row[]) => {
      const author = newName();
      await write(
        readModels,
        "book",
        books.map((book) => fresh(newName(), { author, ...book })),
      );
      return author;
    };

    test("lists the rows with this value, newest first if the index says so", async () => {
      const readModels = await make();
      await byAuthor(readModels, [{ title: "of another", at: "2026-01-02" }]);
      const author = await byAuthor(readModels, [
        { title: "second", at: "2026-01-02" },
        { title: "third", at: "2026-01-03" },
        { title: "first", at: "2026-01-01" },
      ]);
      expect(await pages(readModels, "book", "by-author", 10, author)).toEqual([
        ["third", "second", "first"],
      ]);
    });

    test("lists every row, newest first, if the index has no value", async () => {
      const readModels = await make();
      for (const day of [2, 3, 1])
        await write(readModels, "newest-of-all", [fresh(newName(), { title: day, at: `2026-01-0${day}` })]);
      expect(await pages(readModels, "newest-of-all", "all", 10)).toEqual([[3, 2, 1]]);
    });

    test("lists by key if the index has no order", async () => {
      const readModels = await make();
      for (const key of ["b", "c", "a"]) await write(readModels, "all-by-key", [fresh(key, { title: key })]);
      expect(await pages(readModels, "all-by-key", "all", 2)).toEqual([["a", "b"], ["c"]]);
    });

    test("stores any characters in keys and values, and sorts keys by their bytes", async () => {
      const readModels = await make();
      const keys = [...oddTexts, "\uff5e"];
      for (const key of keys) {
        await write(readModels, "odd-keys", [fresh(key, { title: key, text: key })]);
        expect(await readModels.find("odd-keys", key)).toMatchObject({ key, row: { text: key } });
        expect(await pages(readModels, "odd-keys", "by-text", 1, key)).toEqual([[key]]);
      }
      const byBytes = keys.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
      expect((await pages(readModels, "odd-keys", "all", 2)).flat()).toEqual(byBytes);
    });

    test("a row without one of its fields is in none of its lists", async () => {
      const readModels = await make();
      const author = await byAuthor(readModels, [
        { title: "listed", at: "2026-01-01" },
        { title: "undated" },
        { title: "empty", at: "" },
        { title: "no text", at: 20260101 },
      ]);
      expect(await pages(readModels, "book", "by-author", 10, author)).toEqual([["listed"]]);
      expect(await readModels.list("book", { index: "by-author", limit: 10, value: "" })).toEqual({
        rows: [],
      });
    });

    test("a deleted row is in no list, and a changed row only in its new list", async () => {
      const readModels = await make();
      const [key, author, other] = [newName(), newName(), newName()];
      const row = { title: "moved", at: "2026-01-01" };
      const listed = async () => [
        ...(await pages(readModels, "book", "by-author", 10, author)),
        ...(await pages(readModels, "book", "by-author", 10, other)),
      ];
      await write(readModels, "book", [fresh(key, { ...row, author })]);
      expect(await listed()).toEqual([["moved"], []]);
      await write(readModels, "book", [{ ...fresh(key, { ...row, author: other }), revision: 1 }]);
      expect(await listed()).toEqual([[], ["moved"]]);
      await write(readModels, "book", [{ ...fresh(key), revision: 2 }]);
      expect(await listed()).toEqual([[], []]);
    });

    test("pages have no gaps or repetitions, and there is none after the last", async () => {
      const readModels = await make();
      const books = Array.from({ length: 6 }, (_, index) => ({ title: index, at: `2026-01-0${6 - index}` }));
      const author = await byAuthor(readModels, books);
      expect(await pages(readModels, "book", "by-author", 4, author)).toEqual([
        [0, 1, 2, 3],
        [4, 5],
      ]);
      expect(await pages(readModels, "book", "by-author", 3, author)).toEqual([
        [0, 1, 2],
        [3, 4, 5],
      ]);
      expect(await pages(readModels, "book", "by-author", 6, author)).toEqual([[0, 1, 2, 3, 4, 5]]);
    });

    test("pages of rows with the same time have no gaps or repetitions", async () => {
      const readModels = await make();
      const author = await byAuthor(
        readModels,
        [1, 2, 3, 4, 5].map((title) => ({ title, at: "2026-01-01" })),
      );
      const listed = (await pages(readModels, "book", "by-author", 2, author)).flat();
      expect(new Set(listed)).toEqual(new Set([1, 2, 3, 4, 5]));
      expect(listed).toHaveLength(5);
    });

    test("a row that is added between two pages is not shown twice and does not move the others", async () => {
      const readModels = await make();
      const at = (day: number) => ({ title: day, at: `2026-01-0${day}` });
      const author = await byAuthor(readModels, [at(1), at(2), at(3)]);
      const request = { index: "by-author", value: author, limit: 2 };
      const page = await readModels.list("book", request);
      await write(readModels, "book", [fresh(newName(), { author, ...at(9) })]);
      const rest = page === "invalid" ? page : await readModels.list("book", { ...request, from: page.next });
      expect(rest).toEqual({ rows: [{ author, ...at(1) }] });
    });

    describe("a `from` that does not come from this list is invalid", () => {
      const started = async () => {
        const readModels = await make();
        const author = await byAuthor(readModels, [
          { title: 1, at: "2026-01-01", shelf: "a" },
          { title: 2, at: "2026-01-02", shelf: "a" },
        ]);
        const page = await readModels.list("book", { index: "by-author", value: author, limit: 1 });
        if (page === "invalid" || page.next === undefined) throw new Error("there is no next page");
        return { readModels, author, next: page.next };
      };

      test("the list of another value, index or projection", async () => {
        const { readModels, author: value, next: from } = await started();
        const others = [
          readModels.list("book", { index: "by-author", value: newName(), limit: 1, from }),
          readModels.list("book", { index: "by-shelf", value, limit: 1, from }),
          readModels.list("newest-of-all", { index: "all", limit: 1, from }),
        ];
        expect(await Promise.all(others)).toEqual(["invalid", "invalid", "invalid"]);
      });

      const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
      const mangled: readonly (readonly [what: string, mangle: (next: string) => string])[] = [
        ["nothing", () => ""],
        ["no cursor", () => "x"],
        ["no base64", () => "☕"],
        ["null", () => base64(null)],
        ["another shape", () => base64({ pk: { S: "1" } })],
        ["too little", (next) => next.slice(0, -2)],
        ["too much", (next) => `${next}AAAA`],
        ["what base64 ignores", (next) => `${next}!`],
        ["padding", (next) => `${next}=`],
        ["text around it", (next) => Buffer.from(` ${Buffer.from(next, "base64url")}`).toString("base64url")],
      ];
      test.each(mangled)("%s", async (_, mangle) => {
        const { readModels, author: value, next } = await started();
        const request = { index: "by-author", value, limit: 1 };
        expect(await readModels.list("book", { ...request, from: mangle(next) })).toBe("invalid");
        expect(await readModels.list("book", { ...request, from: next })).not.toBe("invalid");
      });
    });
  });
};
