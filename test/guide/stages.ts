/**
 * The files that the pages show, as a reader has them while reading.
 * - A block `ts` whose first line is a comment with a path, `// lib/loan.ts`, is that file. Without a path it is a module
 *   for itself.
 * - A block of another format whose fence names a path, `json package.json`, is that file.
 * - A block `diff` changes files. A block `diff NAME` changes the library of test/library instead, and a test plays it on
 *   stored data: test/library/stored/experiments.test.ts. See library-changes.ts.
 *
 * A block that shows or changes a file again begins a new stage. A page with a line `<!-- continues a.md -->` begins with
 * the last files of that page; with `<!-- uses a.md b.md -->` it begins with those of several pages, without their tests.
 */
import { dirname, join } from "node:path";
import { type Block, blocksOf, pages, textOf } from "./markdown.ts";
import { patchesIn } from "./patch.ts";

export type File = {
  readonly path: string;
  readonly text: string;
  readonly block: Block;
  /** It was written in this stage, and not taken over from the one before. */
  readonly isNew: boolean;
};

export type Stage = { readonly name: string; readonly files: readonly File[] };

type Files = readonly File[];

const pathOf = ({ language, info, text, line }: Block): string | undefined => {
  if (language !== "ts") return info === "" ? undefined : info;
  return /^\/\/ ([\w./-]+\.ts)\n/.exec(text)?.[1] ?? `line-${line}.ts`;
};

const isForItself = ({ path }: File): boolean => /^line-\d+\.ts$/.test(path);

const carried = (files: Files): Files =>
  files.filter((file) => !isForItself(file)).map((file) => ({ ...file, isNew: false }));

const merged = (files: Files, others: Files): Files => [
  ...files.filter(({ path }) => !others.some((other) => other.path === path)),
  ...others,
];

/** The files that a block shows or changes. */
const shownBy = (block: Block, files: Files): Files => {
  if (block.language === "diff" && block.info !== "") return [];
  if (block.language === "diff")
    return patchesIn(block.text).map(({ path, apply }) => {
      const before = files.find((file) => file.path === path);
      if (!before) throw new Error(`${block.page}:${block.line} changes ${path}, which no block has shown`);
      return { path, text: apply(before.text), block, isNew: true };
    });
  const path = pathOf(block);
  return path === undefined ? [] : [{ path, text: block.text, block, isNew: true }];
};

const withBlock = (stages: readonly Files[], block: Block): readonly Files[] => {
  const last = stages.at(-1) ?? [];
  const shown = shownBy(block, last);
  const isAgain = shown.some(({ path }) => last.some((file) => file.path === path && file.isNew));
  return isAgain ? [...stages, merged(carried(last), shown)] : [...stages.slice(0, -1), merged(last, shown)];
};

/** The files that a page begins with. */
const filesBefore = (page: string): Files => {
  const [, how, others = ""] = /^<!-- (continues|uses) (.+) -->$/m.exec(textOf(page)) ?? [];
  return others
    .split(" ")
    .filter((other) => other !== "")
    .map((other) => carried(filesOf(join(dirname(page), other)).at(-1) ?? []))
    .map((files) => (how === "uses" ? files.filter(({ path }) => !path.startsWith("test/")) : files))
    .reduce(merged, []);
};

const filesOf = (page: string): readonly Files[] =>
  blocksOf(page).reduce<readonly Files[]>(withBlock, [filesBefore(page)]);

/** The stages of a page that show files. */
export const stagesOf = (page: string): readonly Stage[] =>
  filesOf(page)
    .filter((files) => files.some(({ isNew }) => isNew))
    .map((files, index) => ({ name: `${page.replaceAll("/", "-")}-${index + 1}`, files }));

export const allStages = (): readonly Stage[] => pages.flatMap(stagesOf);
