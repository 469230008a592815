/** The commands of the README and the guides do what the pages say. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../../bin/command-line.ts";
import { type Started, started } from "../../bin/started.ts";
import { blocksOf, commandsIn, pages, textOf } from "../../guide/markdown.ts";
import { commands } from "./commands.ts";

const blocks = pages.flatMap((page) => blocksOf(page));
const shown = [...new Set(commandsIn(blocks))];
const rows = Object.entries(commands);

/** Of a machine that runs all other tests at the same time. */
const patienceMilliseconds = 120_000;

let shop: Started;

beforeAll(async () => {
  shop = await started();
}, patienceMilliseconds);
afterAll(() => shop?.stop());

describe.sequential("a shell does what the pages say", { timeout: patienceMilliseconds }, () => {
  test.each(rows.filter(([, row]) => typeof row === "function"))("%s", async (line, row) => {
    if (typeof row === "function") await row(shop, line);
  });

  test("every page of the local cloud that the pages name answers", async () => {
    const paths = pages.flatMap((page) =>
      [...textOf(page).matchAll(/`GET (\/_local\/[^`]+)`/g)].map(([, path = ""]) => path),
    );
    expect(paths.length).toBeGreaterThan(4);
    for (const path of new Set(paths)) {
      const response = await fetch(`${shop.url}${path.replace(/\{\w+\}/, "some")}`);
      expect(response.status, path).toBe(200);
    }
  });

  test("killing npm ends what it started", async () => {
    await shop.stop();
    expect(shop.isUp()).toBe(false);
    await expect(fetch(shop.url)).rejects.toThrow();
  });
});

test("every command line has a row, and every row has a line", () => {
  expect(shown.filter((line) => !Object.hasOwn(commands, line))).toEqual([]);
  expect(rows.map(([line]) => line).filter((line) => !shown.includes(line))).toEqual([]);
});

test("the files that run commands are there", () => {
  const files = rows.flatMap(([, row]) => ("runBy" in row ? [row.runBy] : []));
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

/** What people write on a page, without the parts that `npm run document` writes. */
const byHand = (page: string): string =>
  textOf(page).replaceAll(/<!-- begin (\S+) -->[\s\S]*?<!-- end \1 -->/g, "");

/** A command in a block of another language would not be run. */
test.each(pages.filter((page) => page !== "README.md"))("%s has its commands in blocks sh", (page) => {
  const found = blocksOf(page, byHand(page))
    .filter(({ language }) => !["sh", "ts", "diff", "json"].includes(language))
    .flatMap(({ text }) => text.split("\n"))
    .filter((line) => /^\$?\s*([A-Z_]+=\S+ )*(npm|npx|curl|aws|docker|git|node) /.test(line));
  expect(found).toEqual([]);
});

test.each(pages.filter((page) => page !== "README.md"))("%s has at most 250 lines", (page) => {
  expect(textOf(page).split("\n").length - 1).toBeLessThanOrEqual(250);
});
