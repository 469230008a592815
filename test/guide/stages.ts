/**
 * The files that the pages show, as a reader has them while reading. A block `ts` whose first line is a comment with a
 * path, `// lib/loan.ts`, is that file; so is a block of another format whose fence names the path. A block that shows a
 * file again replaces it, and begins a new stage. A block `ts` without a path is a module for itself, in the folder that
 * the stage has by then. A page with a line `<!-- continues other.md -->` begins with the files of that page.
 */
import { dirname, join } from "node:path";
import { type Block, blocksOf, pages, textOf } from "./markdown.ts";

export type File = {
  readonly path: string;
  readonly text: string;
  readonly block: Block;
  /** It was written in this stage, and not taken over from the one before. */
  readonly isNew: boolean;
};

export type Stage = { readonly name: string; readonly files: readonly File[] };

const pathOf = ({ language, info, text, line }: Block): string | undefined => {
  if (language !== "ts") return info === "" ? undefined : info;
  return /^\/\/ ([\w./-]+\.ts)\n/.exec(text)?.[1] ?? `line-${line}.ts`;
};

const isForItself = ({ path }: File): boolean => /^line-\d+\.ts$/.test(path);

const carried = (files: readonly File[]): readonly File[] =>
  files.filter((file) => !isForItself(file)).map((file) => ({ ...file, isNew: false }));

/** The page that this page continues, if it does. */
const continued = (page: string): string | undefined => {
  const [, other] = /^<!-- continues (\S+) -->$/m.exec(textOf(page)) ?? [];
  return other === undefined ? undefined : join(dirname(page), other);
};

const withFile = (stages: readonly (readonly File[])[], file: File): readonly (readonly File[])[] => {
  const last = stages.at(-1) ?? [];
  const others = last.filter(({ path }) => path !== file.path);
  const isShownAgain = last.some(({ path, isNew }) => path === file.path && isNew);
  return isShownAgain ? [...stages, [...carried(others), file]] : [...stages.slice(0, -1), [...others, file]];
};

const filesOf = (page: string): readonly (readonly File[])[] => {
  const other = continued(page);
  const first = other === undefined ? [] : carried(filesOf(other).at(-1) ?? []);
  return blocksOf(page).reduce<readonly (readonly File[])[]>(
    (stages, block) => {
      const path = pathOf(block);
      return path === undefined ? stages : withFile(stages, { path, text: block.text, block, isNew: true });
    },
    [first],
  );
};

/** The stages of a page, if it shows files. */
export const stagesOf = (page: string): readonly Stage[] =>
  filesOf(page)
    .filter((files) => files.some(({ isNew }) => isNew))
    .map((files, index) => ({ name: `${page.replaceAll("/", "-")}-${index + 1}`, files }));

export const allStages = (): readonly Stage[] => pages.flatMap(stagesOf);
