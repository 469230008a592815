/** What all read models promise. */
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { AnyProjection, Row } from "../../lib/model/projection.ts";
import type { ReadModels, StoredRow } from "../../lib/ports/read-models.ts";
import { oddTexts } from "./odd-texts.ts";

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
const newName = () => `${process.pid}-${++names}`;

const fresh = (key: string, row?: Row): StoredRow => ({ key, row, revision: 0, gates: {} });

const titlesOf = (rows: readonly Row[]) => rows.map(({ title }) => title);

const write = async (readModels: ReadModels, name: string, rows: readonly StoredRow[]) => {
  for (const row of rows) expect(await readModels.write(name, [row])).toBe("written");
};

const pages = async (readModels: ReadModels, name: string, index: string, limit: number, value?: string) => {
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

export const readModelsContract = (name: string, make: () => Promise<ReadModels>): void => {
  describe(`the read models ${name}: load and write`, () => {
    test("a new key has revision 0, no row and no gates", async () => {
      const readModels = await make();
      const key = newName();
      expect(await readModels.load("book", [key])).toEqual([fresh(key)]);
    });

    test("what is written has the next revision, with row and gates as they were", async () => {
      const readModels = await make();
      const key = newName();
      const row = { title: "Über ☕", pages: 12.5, tags: ["a", { deep: null }], "": { __proto: "x" } };
      const gates = { "order-1": { version: 7, business: 4 }, "stock-a-b": { version: 1, business: 0 } };
      await write(readModels, "book", [{ key, row, revision: 0, gates }]);
      expect(await readModels.load("book", [key])).toEqual([{ key, row, revision: 1, gates }]);
      await write(readModels, "book", [{ key, row: { title: "2" }, revision: 1, gates }]);
      expect(await readModels.load("book", [key])).toEqual([
        { key, row: { title: "2" }, revision: 2, gates },
      ]);
    });

    test("answers in the order of the keys, also for more than a hundred of them, known and new", async () => {
      const readModels = await make();
      const keys = Array.from({ length: 130 }, newName);
      const known = keys.filter((_, index) => index % 3 === 0);
      await Promise.all(known.map((key) => write(readModels, "plain", [fresh(key, { key })])));
      const loaded = await readModels.load("plain", keys.toReversed());
      expect(loaded.map(({ key }) => key)).toEqual(keys.toReversed());
      expect(loaded.filter(({ revision }) => revision === 1)).toHaveLength(known.length);
      expect(await readModels.load("plain", [])).toEqual([]);
    });

    test("a row may be deleted, leaving its gates and revision", async () => {
      const readModels = await make();
      const key = newName();
      const gates = { "order-1": { version: 2, business: 2 } } as const;
      await write(readModels, "book", [
        fresh(key, { title: "1" }),
        { key, row: undefined, revision: 1, gates },
      ]);
      expect(await readModels.load("book", [key])).toEqual([{ key, row: undefined, revision: 2, gates }]);
    });

    test("a revision that is no longer the newest is a conflict, and nothing is written", async () => {
      const readModels = await make();
      const key = newName();
      await write(readModels, "book", [fresh(key, { title: "1" })]);
      await write(readModels, "book", [{ ...fresh(key, { title: "2" }), revision: 1 }]);
      for (const revision of [0, 1, 3])
        expect(await readModels.write("book", [{ ...fresh(key, { title: "other" }), revision }])).toBe(
          "conflict",
        );
      expect((await readModels.load("book", [key]))[0]).toMatchObject({ row: { title: "2" }, revision: 2 });
    });

    test("writes all or nothing", async () => {
      const readModels = await make();
      const [old, other] = [newName(), newName()];
      await write(readModels, "book", [fresh(old, { title: "1" })]);
      const rows = [fresh(other, { title: "new" }), fresh(old, { title: "stale" })];
      expect(await readModels.write("book", rows)).toBe("conflict");
      expect(await readModels.load("book", [old, other])).toMatchObject([
        { row: { title: "1" }, revision: 1 },
        { row: undefined, revision: 0 },
      ]);
    });

    test("writes 100 rows of different keys at once", async () => {
      const readModels = await make();
      const keys = Array.from({ length: 100 }, newName);
      expect(
        await readModels.write(
          "plain",
          keys.map((key) => fresh(key, { key })),
        ),
      ).toBe("written");
      expect((await readModels.load("plain", keys)).every(({ revision }) => revision === 1)).toBe(true);
    });

    test("of twenty that write one revision at once exactly one has written", async () => {
      const readModels = await make();
      const key = newName();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          readModels.write("book", [fresh(key, { title: `${index}` })]),
        ),
      );
      const written = answers.indexOf("written");
      expect(answers.filter((answer) => answer === "written")).toHaveLength(1);
      expect((await readModels.load("book", [key]))[0]?.row).toEqual({ title: `${written}` });
    });

    test("projections do not meet", async () => {
      const readModels = await make();
      const key = newName();
      await write(readModels, "book", [fresh(key, { title: "1" })]);
      expect(await readModels.load("plain", [key])).toEqual([fresh(key)]);
    });

    test("an unknown projection is named", async () => {
      const readModels = await make();
      await expect(readModels.load("nothing", ["1"])).rejects.toThrow("there is no projection nothing");
    });
  });

  describe(`the read models ${name}: find`, () => {
    test("gives the row of a query with its gates", async () => {
      const readModels = await make();
      const stored = {
        ...fresh(newName(), { title: "1" }),
        gates: { "order-1": { version: 3, business: 2 } } as const,
      };
      await write(readModels, "book", [stored]);
      expect(await readModels.find("book", stored.key)).toEqual({ ...stored, revision: 1 });
    });

    test("gives none where there is no row: a new key, a gate alone, a deleted row", async () => {
      const readModels = await make();
      const [gate, deleted] = [newName(), newName()];
      await write(readModels, "book", [
        { ...fresh(gate), gates: { "order-1": { version: 1, business: 1 } } },
        fresh(deleted, { title: "1" }),
        { ...fresh(deleted), revision: 1 },
      ]);
      for (const key of [newName(), gate, deleted])
        expect(await readModels.find("book", key)).toBeUndefined();
    });
  });

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

    test("lists the rows with this value, newest first where the index says so", async () => {
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

    test("lists every row, newest first, where the index has no value", async () => {
      const readModels = await make();
      for (const day of [2, 3, 1])
        await write(readModels, "newest-of-all", [fresh(newName(), { title: day, at: `2026-01-0${day}` })]);
      expect(await pages(readModels, "newest-of-all", "all", 10)).toEqual([[3, 2, 1]]);
    });

    test("lists by key where the index names no order", async () => {
      const readModels = await make();
      for (const key of ["b", "c", "a"]) await write(readModels, "all-by-key", [fresh(key, { title: key })]);
      expect(await pages(readModels, "all-by-key", "all", 2)).toEqual([["a", "b"], ["c"]]);
    });

    test("takes whatever characters stand in keys and values, and lists keys by their bytes", async () => {
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

    test("a deleted row is in no list, and a changed one where it belongs now", async () => {
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

    test("pages follow each other without gap or repetition, and none after the last", async () => {
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

    test("rows of the same time follow each other without gap or repetition", async () => {
      const readModels = await make();
      const author = await byAuthor(
        readModels,
        [1, 2, 3, 4, 5].map((title) => ({ title, at: "2026-01-01" })),
      );
      const listed = (await pages(readModels, "book", "by-author", 2, author)).flat();
      expect(new Set(listed)).toEqual(new Set([1, 2, 3, 4, 5]));
      expect(listed).toHaveLength(5);
    });

    test("a row that comes between two pages is not shown twice nor moves the others", async () => {
      const readModels = await make();
      const at = (day: number) => ({ title: day, at: `2026-01-0${day}` });
      const author = await byAuthor(readModels, [at(1), at(2), at(3)]);
      const request = { index: "by-author", value: author, limit: 2 };
      const page = await readModels.list("book", request);
      await write(readModels, "book", [fresh(newName(), { author, ...at(9) })]);
      const rest = page === "invalid" ? page : await readModels.list("book", { ...request, from: page.next });
      expect(rest).toEqual({ rows: [{ author, ...at(1) }] });
    });

    describe("a `from` that this list did not give is invalid", () => {
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
