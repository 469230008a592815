/** Lists on pages that repeat what the code says: each is complete. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../bin/command-line.ts";
import { blocksOf, documents, textOf } from "../../guide/markdown.ts";

const firsts = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, name = ""]) => name);

test("the options of npm start are those of its help", () => {
  const inHelp = firsts(textOf("bin/local/options.ts"), /^ {2}(--\w+)/gm);
  const tables = documents
    .map((document) => firsts(textOf(document), /^\| `(--\w+)/gm))
    .filter((options) => options.includes("--data"));
  expect(tables).toEqual([inHelp]);
});

/** The paths of a tree of folders: an indented path is in the folder above it. */
const pathsIn = (tree: string): readonly string[] => {
  let parent = "";
  return tree.split("\n").flatMap((line) => {
    const [, indent = "", path = ""] = /^( *)(\S+\/|\S+\.md)( |$)/.exec(line) ?? [];
    if (path === "") return [];
    if (indent === "") parent = path;
    return [indent === "" ? path : `${parent}${path}`];
  });
};

test("every path of a tree of folders is there", () => {
  const trees = documents
    .flatMap((document) => blocksOf(document))
    .filter(({ language, text }) => language === "" && text.includes("lambdas/"));
  const paths = trees.flatMap(({ text }) => pathsIn(text));
  expect(paths.length).toBeGreaterThan(15);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
