/** The counter of odd turns of phrase finds them in comments, strings and pages, and nowhere else. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { count, hitsIn, reportOn } from "./count.ts";
import { patterns } from "./patterns.ts";
import { proseOfCode, proseOfMarkdown } from "./prose.ts";

test.each(patterns)("$name is found in its example", ({ pattern, example }) => {
  expect(example.match(pattern)).not.toBeNull();
});

test("plain sentences have no hits", () => {
  const text =
    "A commit that conflicts is retried. If the table is missing, the function waits for the deployment; it has its own role. " +
    "One file per role. The machine is notified.";
  expect(hitsIn("", [{ line: 1, text }])).toEqual([]);
});

test("the prose of code is its comments and its strings of three words", () => {
  const code = [
    "/** The first",
    " * comment.",
    " *",
    " * A second text.",
    " */",
    'const a = "two words"; // the end',
    "// of a line",
    'const b = "three words here";',
    "const c = /[\"'`]/.test(`a ${b} and more`);",
    "const nobody = anew;",
  ].join("\n");
  expect(proseOfCode(code)).toEqual([
    { line: 1, text: "The first comment." },
    { line: 4, text: "A second text." },
    { line: 6, text: "the end of a line" },
    { line: 8, text: "three words here" },
    { line: 9, text: "a ${b} and more" },
  ]);
});

test("the prose of a page is everything but code, and the prose of its TypeScript", () => {
  const page = [
    "# Title",
    "",
    "One sentence",
    "on two lines with a [link](where-it-lies.md).",
    "- an item",
    "",
    "```sh",
    "nobody --anew",
    "```",
    "",
    "```ts",
    "const a = 1;",
    "// A comment.",
    "```",
  ].join("\n");
  expect(proseOfMarkdown(page)).toEqual([
    { line: 1, text: "# Title" },
    { line: 3, text: "One sentence on two lines with a [link]." },
    { line: 5, text: "- an item" },
    { line: 13, text: "A comment." },
  ]);
});

const folder = mkdtempSync(join(tmpdir(), "prose-"));
afterAll(() => rmSync(folder, { recursive: true }));

writeFileSync(join(folder, "a.md"), `${"word ".repeat(95)}\n\nIt lists those\nthat wait.\n`);
writeFileSync(join(folder, "b.ts"), "// It is tried anew.\n");

test("hits are counted per thousand words, across line breaks and with their lines", () => {
  expect(count(folder, ["a.md", "b.ts"])).toEqual({
    words: 104,
    perThousand: 19.2,
    hits: [
      { file: "a.md", line: 3, found: "those that", instead: expect.any(String) },
      { file: "b.ts", line: 1, found: "anew", instead: "again, from scratch" },
    ],
  });
});

test("a place with more hits than the limit fails, and its hits are listed", () => {
  const place = { name: "pages", files: ["a.md", "b.ts"] };
  expect(reportOn(folder, place, 19.2)).toEqual({
    passed: true,
    text: "pages: 19.2 per 1000 words (2 in 104; limit 19.2)\n",
  });
  const { passed, text } = reportOn(folder, place, 19.1);
  expect(passed).toBe(false);
  expect(text).toContain('b.ts:1: "anew": again, from scratch\n');
});
