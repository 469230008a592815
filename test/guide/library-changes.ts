/**
 * The changes of the library in test/library that the guide shows: its blocks `diff NAME`, by name. A block
 * `diff FIRST+NEXT` changes the library that the block `diff FIRST` has changed.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../bin/command-line.ts";
import { blocksOf, pages } from "./markdown.ts";
import { patchesIn } from "./patch.ts";

const library = join(root, "test/library");

export const libraryChanges = (): ReadonlyMap<string, string> =>
  new Map(
    pages
      .flatMap((page) => blocksOf(page))
      .filter(({ language, info }) => language === "diff" && info !== "")
      .map(({ info, text }) => [info, text]),
  );

const before = (file: string): string => (existsSync(file) ? readFileSync(file, "utf8") : "");

/**
 * Applies the change with this name, after those it is based on, to a folder that has the library's sources. Throws if a
 * line is not found.
 */
export const applyChange = (name: string, folder: string): void => {
  const base = name.lastIndexOf("+");
  if (base > 0) applyChange(name.slice(0, base), folder);
  const diff = libraryChanges().get(name);
  if (diff === undefined) throw new Error(`expected a block \`diff ${name}\` in the guide, got none`);
  for (const { path, apply } of patchesIn(diff)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, apply(before(file)));
  }
};

/** Writes the changed library to a new folder. */
export const writeChanged = (name: string, folder: string): void => {
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  for (const each of ["lib", "package.json"])
    cpSync(join(library, each), join(folder, each), { recursive: true });
  symlinkSync(join(library, "node_modules/eventfold"), join(folder, "node_modules/eventfold"));
  applyChange(name, folder);
};
