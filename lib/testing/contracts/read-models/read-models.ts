/** The contract of the rows of read models. */
import { describe, expect, test } from "vitest";
import { PermanentError } from "../../../ports/permanent-error.ts";
import type { ReadModels } from "../../../ports/read-models.ts";
import { fresh, newName, write } from "./stored-rows.ts";

/** Tests the rows of read models. `make` returns a store with the tables for `projections`. */
export const readModelsContract = (name: string, make: () => Promise<ReadModels>): void => {
  describe(`the read models ${name}: load and write`, () => {
    test("a new key has revision 0, no row and no checkpoints", async () => {
      const readModels = await make();
      const key = newName();
      expect(await readModels.load("book", [key])).toEqual([fresh(key)]);
    });

    test("a written row has the next revision, and the row and checkpoints are unchanged", async () => {
      const readModels = await make();
      const key = newName();
      const row = { title: "Über ☕", pages: 12.5, tags: ["a", { deep: null }], "": { __proto: "x" } };
      const checkpoints = {
        "order-1": { version: 7, business: 4 },
        "stock-a-b": { version: 1, business: 0 },
      };
      await write(readModels, "book", [{ key, row, revision: 0, checkpoints }]);
      expect(await readModels.load("book", [key])).toEqual([{ key, row, revision: 1, checkpoints }]);
      await write(readModels, "book", [{ key, row: { title: "2" }, revision: 1, checkpoints }]);
      expect(await readModels.load("book", [key])).toEqual([
        { key, row: { title: "2" }, revision: 2, checkpoints },
      ]);
    });

    test("answers in the order of the keys, for more than a hundred known and new keys", async () => {
      const readModels = await make();
      const keys = Array.from({ length: 130 }, newName);
      const known = keys.filter((_, index) => index % 3 === 0);
      await Promise.all(known.map((key) => write(readModels, "plain", [fresh(key, { key })])));
      const loaded = await readModels.load("plain", keys.toReversed());
      expect(loaded.map(({ key }) => key)).toEqual(keys.toReversed());
      expect(loaded.filter(({ revision }) => revision === 1)).toHaveLength(known.length);
      expect(await readModels.load("plain", [])).toEqual([]);
    });

    test("a deleted row keeps its checkpoints and its revision", async () => {
      const readModels = await make();
      const key = newName();
      const checkpoints = { "order-1": { version: 2, business: 2 } } as const;
      await write(readModels, "book", [
        fresh(key, { title: "1" }),
        { key, row: undefined, revision: 1, checkpoints },
      ]);
      expect(await readModels.load("book", [key])).toEqual([
        { key, row: undefined, revision: 2, checkpoints },
      ]);
    });

    test("a revision that is not the latest is a conflict, and nothing is written", async () => {
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

    test("of twenty concurrent writes of one revision exactly one succeeds", async () => {
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

    test("projections are independent", async () => {
      const readModels = await make();
      const key = newName();
      await write(readModels, "book", [fresh(key, { title: "1" })]);
      expect(await readModels.load("plain", [key])).toEqual([fresh(key)]);
    });

    test("an unknown projection is an error that names it", async () => {
      const readModels = await make();
      await expect(readModels.load("nothing", ["1"])).rejects.toThrow("no projection is named nothing");
    });
  });

  describe(`the read models ${name}: what can never be stored`, () => {
    const large = (bytes: number) => ({ text: "x".repeat(bytes) });

    test.each([
      ["a row over 400 KB", () => [fresh(newName(), large(410_000))]],
      ["one of two rows over 400 KB", () => [fresh(newName(), {}), fresh(newName(), large(410_000))]],
      ["a key over 2,048 bytes", () => [fresh("k".repeat(2049), {})]],
      ["an empty key", () => [fresh("", {})]],
      ["a key that is not valid UTF-8", () => [fresh("\ud800", {})]],
      ["rows over 4 MB together", () => Array.from({ length: 12 }, () => fresh(newName(), large(390_000)))],
      ["a row that JSON cannot represent", () => [fresh(newName(), { count: 1n })]],
    ])("%s: a permanent error, and nothing is written", async (_, rowsOf) => {
      const readModels = await make();
      const rows = rowsOf();
      await expect(readModels.write("plain", rows)).rejects.toThrow(PermanentError);
      const [first] = rows;
      if (first && rows.length > 1)
        expect((await readModels.load("plain", [first.key]))[0]?.revision).toBe(0);
    });

    test.each([
      ["over 2,048 bytes", "k".repeat(2049)],
      ["that is empty", ""],
      ["that is not valid UTF-8", "\ud800"],
    ])("a key %s is a permanent error when it is loaded, too", async (_, key) => {
      const readModels = await make();
      await expect(readModels.load("plain", [newName(), key])).rejects.toThrow(PermanentError);
    });
  });

  describe(`the read models ${name}: find`, () => {
    test("answers the row of a key with its checkpoints", async () => {
      const readModels = await make();
      const stored = {
        ...fresh(newName(), { title: "1" }),
        checkpoints: { "order-1": { version: 3, business: 2 } } as const,
      };
      await write(readModels, "book", [stored]);
      expect(await readModels.find("book", stored.key)).toEqual({ ...stored, revision: 1 });
    });

    test("answers no row for a new key, for a key with only checkpoints, and for a deleted row", async () => {
      const readModels = await make();
      const [checkpoint, deleted] = [newName(), newName()];
      await write(readModels, "book", [
        { ...fresh(checkpoint), checkpoints: { "order-1": { version: 1, business: 1 } } },
        fresh(deleted, { title: "1" }),
        { ...fresh(deleted), revision: 1 },
      ]);
      for (const key of [newName(), checkpoint, deleted])
        expect(await readModels.find("book", key)).toBeUndefined();
    });
  });
};
