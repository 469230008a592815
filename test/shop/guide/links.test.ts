/** Every link and every anchor of the documents leads somewhere, and every script that they name is there. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import { root } from "../../bin/command-line.ts";
import { anchorsIn, documents, linksIn, pages, textOf } from "../../guide/markdown.ts";

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(textOf("package.json")));

const isOutside = (link: string): boolean => /^(https?|mailto):/.test(link);

/** Why a link of this document leads nowhere, if it does. */
const faultOf = (document: string, link: string): string | undefined => {
  const [path = "", anchor] = link.split("#");
  const file = path === "" ? document : join(dirname(document), path);
  if (!existsSync(join(root, file))) return `${link}: there is no ${file}`;
  if (anchor === undefined || !file.endsWith(".md")) return undefined;
  return anchorsIn(textOf(file)).includes(anchor) ? undefined : `${link}: ${file} has no such heading`;
};

test.each(documents)("every link of %s leads somewhere", (document) => {
  const links = linksIn(textOf(document)).filter((link) => !isOutside(link));
  expect(links.flatMap((link) => faultOf(document, link) ?? [])).toEqual([]);
});

test("a missing file and a missing heading are found", () => {
  expect(faultOf("README.md", "docs/none.md")).toBe("docs/none.md: there is no docs/none.md");
  expect(faultOf("README.md", "#no-such-heading")).toBe("#no-such-heading: README.md has no such heading");
  expect(anchorsIn("# A `b`, c\n## [D e](x)\n# A b c\n")).toEqual(["a-b-c", "d-e", "a-b-c-1"]);
});

const runs = /npm (?:run )?(start|test|(?<=run )[\w:-]+)/g;

test.each(documents)("every script that %s names is there", (document) => {
  const named = [...textOf(document).matchAll(runs)].map(([, name = ""]) => name);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test.each(pages)("every file that %s names as tsx's is there", (page) => {
  const named = [...textOf(page).matchAll(/npx tsx ([\w./-]+)/g)].map(([, file = ""]) => file);
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});
