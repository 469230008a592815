/** The source files of this repository, and what they import. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

export const root = join(import.meta.dirname, "../..");

/** The TypeScript files in a folder and the folders below it, as paths from the root. Empty if it does not exist. */
export const filesIn = (folder: string): readonly string[] =>
  !existsSync(join(root, folder))
    ? []
    : readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
        .map((file) => join(folder, file));

/** All files that are not tests. */
export const files = ["bin", "lib", "lambdas"].flatMap(filesIn);

export const textOf = (file: string): string => readFileSync(join(root, file), "utf8");

/** The source text without comments. The rest of a string after `//` is lost. */
export const codeOf = (file: string): string =>
  textOf(file)
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/(^|\s)\/\/.*$/gm, "$1");

/** Packages by name, files of this repository by their path from the root. Examples in docstrings are ignored. */
export const importsOf = (file: string): readonly string[] =>
  [
    ...textOf(file)
      .replaceAll(/^ *\*.*$/gm, "")
      .matchAll(/(?:from|import) "([^"]+)";|import\("([^"]+)"\)/g),
  ]
    .map(([, a, b]) => a ?? b ?? "")
    .map((name) => (name.startsWith(".") ? relative(root, join(root, dirname(file), name)) : name));
