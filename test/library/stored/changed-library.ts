/** A copy of the library with changes in its source, as an engineer makes them. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyChange } from "../../guide/library-changes.ts";

const library = join(import.meta.dirname, "..");
const packages = join(library, "../../node_modules");

/** Replaces each occurrence of a text in a file of `lib`. */
export type Edit = readonly [file: string, from: string, to: string];

const edit = (folder: string, [file, from, to]: Edit): void => {
  const path = join(folder, "lib", file);
  const before = readFileSync(path, "utf8");
  if (!before.includes(from)) throw new Error(`${file}: expected ${from}`);
  writeFileSync(path, before.replaceAll(from, to));
};

/** An edit, or the name of a block `diff NAME` in the guide. */
export type Change = Edit | string;

const change = (folder: string, each: Change): void =>
  typeof each === "string" ? applyChange(each, folder) : edit(folder, each);

/** Returns the folder. `done` deletes it. */
export const changedLibrary = (changes: readonly Change[]) => {
  const folder = mkdtempSync(join(tmpdir(), "changed-library-"));
  for (const each of ["lib", "cdk.json", "package.json"])
    cpSync(join(library, each), join(folder, each), { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(library, "node_modules/eventfold"), join(folder, "node_modules/eventfold"));
  for (const name of ["zod", "@aws-sdk", "aws-cdk-lib", "constructs", "tsx"])
    symlinkSync(join(packages, name), join(folder, "node_modules", name));
  for (const each of changes) change(folder, each);
  return { folder, done: () => rmSync(folder, { recursive: true, force: true }) };
};
