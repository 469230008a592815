/** The trees of folders that pages show. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../bin/command-line.ts";
import { blocksOf, documents } from "../../guide/markdown.ts";

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
