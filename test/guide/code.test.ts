/** Every block of TypeScript in the README and in the guides compiles as in a new application, and its tests pass. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { root } from "../bin/command-line.ts";
import { allStages, type File, type Stage } from "./stages.ts";

/** What a program of an installed package prints, in the folder of the blocks. */
const said = async (program: string, ...words: readonly string[]): Promise<string> => {
  const child = spawn(process.execPath, [join(root, "node_modules", program), ...words], { cwd: folder });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => chunks.push(text));
  await once(child, "close");
  return chunks.join("");
};

const read = (file: string) => JSON.parse(readFileSync(join(root, file), "utf8"));

/** Inside the repository, so that zod, vitest and the CDK are found. */
const folder = join(root, ".build/guide", `${process.pid}`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const stages = allStages();
const isCode = ({ path }: File): boolean => path.endsWith(".ts");
const pathIn = ({ name }: Stage, { path }: File): string => join(folder, name, path);

const written = (stage: Stage): readonly string[] =>
  stage.files.filter(isCode).map((file) => {
    const path = pathIn(stage, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.text);
    return path;
  });

mkdirSync(join(folder, "node_modules"), { recursive: true });
symlinkSync(root, join(folder, "node_modules/eventfold"));
const code = stages.flatMap(written);
const { imports } = read("templates/new/package.json.template");
for (const { name } of stages)
  writeFileSync(join(folder, name, "package.json"), JSON.stringify({ type: "module", imports }));
// Here a block sees the sources of eventfold, and not the types of the package.
const lib = ["es2023", "es2024.string"];
const { formatter, javascript } = read("biome.json");
writeFileSync(join(folder, "biome.json"), JSON.stringify({ root: true, formatter, javascript }));
const { compilerOptions } = read("templates/base/tsconfig.json");
writeFileSync(
  join(folder, "tsconfig.json"),
  JSON.stringify({ compilerOptions: { ...compilerOptions, lib }, files: code }),
);

/** Where the reader finds the line of a file. A diff shows only a part of its file. */
const placeOf = ({ path, block: { page, line, language } }: File, inFile: number): string =>
  language === "diff" ? `${page}:${line}, ${path}:${inFile}` : `${page}:${line - 1 + inFile}`;

/** An error of the compiler, with the line of the page. */
const onPage = (error: string): string => {
  const [, name = "", path, line] = /^([^/]+)\/(\S+)\((\d+),\d+\)/.exec(error) ?? [];
  const file = stages.find((stage) => stage.name === name)?.files.find((each) => each.path === path);
  return file ? error.replace(/^\S+/, `${placeOf(file, Number(line))}:`) : error;
};

test("every block compiles as in a new application", async () => {
  expect(code.length).toBeGreaterThan(0);
  const errors = (await said("typescript/bin/tsc", "-p", ".")).split("\n").filter(Boolean);
  expect([...new Set(errors.map(onPage))]).toEqual([]);
});

test("every block is formatted as the code of this repository", async () => {
  const report = await said("@biomejs/biome/bin/biome", "format", ...code);
  expect(report).toMatch(/^Checked \d+ files in .+\. No fixes applied\.\n$/);
});

/** A module with tests of Vitest, or with assertions. */
const isRun = ({ text, isNew }: File): boolean => isNew && /from "(vitest|node:assert\/strict)"/.test(text);

describe.each(stages)("$name", (stage) => {
  const files = stage.files.filter((file) => isCode(file) && isRun(file));
  test("its modules load", async () => {});
  describe.each(files)("$path", async (file) => {
    await import(pathIn(stage, file));
  });
});
