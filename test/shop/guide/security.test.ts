/** The page on security has a row for each risk of the OWASP API Security Top 10, and each row names a test that is there. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../bin/command-line.ts";
import { linksIn, textOf } from "../../guide/markdown.ts";

const page = "docs/guide/security.md";
const rows = textOf(page)
  .split("\n")
  .filter((line) => line.startsWith("| API"));
const risks = Array.from({ length: 10 }, (_, index) => `API${index + 1}`);

test("there is one row per risk, in order", () => {
  expect(rows.map((row) => /^\| (API\d+) /.exec(row)?.[1])).toEqual(risks);
});

test.each(rows.map((row) => [row.split(" | ")[0], row] as const))(
  "%s names tests that are there, and what is left to the team",
  (_, row) => {
    const [, guards = "", tests = "", left = ""] = row.split(" | ");
    const files = linksIn(tests).map((link) => join("docs/guide", link));
    expect(
      files.filter((file) => /\/(.+\.test|run)\.ts$/.test(file) && existsSync(join(root, file))),
    ).toEqual(files);
    expect(files).not.toEqual([]);
    expect(guards).not.toBe("");
    expect(left).not.toBe("");
  },
);
