/** The form of the pages: their commands are in blocks `sh`, each has a row, and no page is long. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../bin/command-line.ts";
import { blocksOf, commandsIn, pages, textOf } from "../../guide/markdown.ts";
import { isLeftOut, tutorialPages } from "../../guide/tutorial/pages.ts";
import { commands } from "./commands.ts";

/** The test of the tutorial runs its commands in order. */
const isFollowed = (page: string, line: string): boolean => tutorialPages.includes(page) && !isLeftOut(line);

const shown = new Set(
  pages.flatMap((page) => commandsIn(blocksOf(page)).filter((line) => !isFollowed(page, line))),
);
const rows = Object.entries(commands);

test("every command line has a row, and every row has a line", () => {
  expect([...shown].filter((line) => !Object.hasOwn(commands, line))).toEqual([]);
  expect(rows.map(([line]) => line).filter((line) => !shown.has(line))).toEqual([]);
});

test("the files that run commands are there", () => {
  const files = rows.flatMap(([, row]) => ("runBy" in row ? [row.runBy] : []));
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

/** What people write on a page, without the parts that `npm run document` writes. */
const byHand = (page: string): string =>
  textOf(page).replaceAll(/<!-- begin (\S+) -->[\s\S]*?<!-- end \1 -->/g, "");

/** A command in a block of another language would not be run. */
test.each(pages)("%s has its commands in blocks sh", (page) => {
  const found = blocksOf(page, byHand(page))
    .filter(({ language }) => !["sh", "ts", "diff", "json"].includes(language))
    .flatMap(({ text }) => text.split("\n"))
    .filter((line) => /^\$?\s*([A-Z_]+=\S+ )*(npm|npx|curl|aws|docker|git|node) /.test(line));
  expect(found).toEqual([]);
});

const linesMax = (page: string): number => (page === "README.md" ? 200 : 250);

test.each(pages)("%s is short", (page) => {
  expect(textOf(page).split("\n").length - 1).toBeLessThanOrEqual(linesMax(page));
});
