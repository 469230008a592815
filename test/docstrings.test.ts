/** The docstrings of the package: every export has one, and every example in them compiles and runs. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { files, root, textOf } from "./tidy/source.ts";
// The examples import these modules. Loaded here, they do not use up the time of a test on a busy machine.
import "../lib/eventfold.ts";
import "../lib/testing/testing.ts";

/** The files that the package exports. The front itself only exports declarations of other files. */
const subpaths = Object.values(manifest.exports)
  .flatMap((target) => (typeof target === "string" ? [target] : Object.values(target)))
  .map((target) => new RegExp(`^${target.slice(2).replaceAll(".", "\\.").replace("*", ".+")}$`));

const declaration =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:const|type|class|function\*?|interface) (\w+)/;

type Export = { readonly name: string; readonly isDocumented: boolean };

/** The declarations that a file exports. A line that cannot be read counts as an export without a docstring. */
const exportsOf = (text: string): readonly Export[] => {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    if (!/^export (?!(?:type )?\{)/.test(line)) return [];
    const name = declaration.exec(line)?.[1];
    const isDocumented = name !== undefined && (lines[index - 1] ?? "").trimEnd().endsWith("*/");
    return [{ name: name ?? line, isDocumented }];
  });
};

/** The files that a file re-exports from, each with the names. */
const reexportsOf = (file: string): readonly (readonly [file: string, names: readonly string[]])[] =>
  [...textOf(file).matchAll(/^export (?:type )?\{([^}]*)\} from "\.\/([^"]+)";/gm)].map(
    ([, names = "", from = ""]) => [join("lib", from), names.match(/\b(?!type\b)\w+/g) ?? []],
  );

const undocumented = (): readonly string[] => [
  ...files
    .filter((file) => subpaths.some((subpath) => subpath.test(file)))
    .flatMap((file) => exportsOf(textOf(file)).map((found) => ({ file, ...found })))
    .filter(({ isDocumented }) => !isDocumented)
    .map(({ file, name }) => `${file}: ${name}`),
  ...reexportsOf("lib/eventfold.ts").flatMap(([file, names]) => {
    const documented = exportsOf(textOf(file)).filter(({ isDocumented }) => isDocumented);
    return names
      .filter((name) => !documented.some((found) => found.name === name))
      .map((name) => `${file}: ${name}`);
  }),
];

test("the reader finds exports without a docstring", () => {
  const text =
    "/** A. */\nexport const a = 1;\n\nexport type B = 1;\nexport default 1;\nexport { a } from 'a';";
  expect(exportsOf(text)).toEqual([
    { name: "a", isDocumented: true },
    { name: "B", isDocumented: false },
    { name: "export default 1;", isDocumented: false },
  ]);
});

test("every export of the package has a docstring", () => {
  expect(undocumented()).toEqual([]);
});

/** The blocks of TypeScript in the docstrings of a file. */
const examplesIn = (file: string): readonly string[] =>
  [...textOf(file).matchAll(/^ \* ```ts\n([\s\S]*?)^ \* ```$/gm)].map(([, lines = ""]) =>
    lines.replaceAll(/^ \* ?/gm, ""),
  );

const examples = files
  .filter((file) => file.startsWith("lib/"))
  .flatMap((file) =>
    examplesIn(file).map((text, index) => ({ name: `${basename(file, ".ts")}-${index + 1}.ts`, text })),
  );

/** In this repository, where Node resolves the name of the package. Each process has its own folder. */
const folder = join(root, ".build/docstrings", `${process.pid}`);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The settings of a new application, and what our sources need, because imports of the package lead to them. */
const settings = {
  extends: join(root, "templates/base/tsconfig.json"),
  compilerOptions: { lib: ["es2023", "es2024.string"] },
  include: ["*.ts"],
};

const written = (): void => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
  for (const { name, text } of examples) writeFileSync(join(folder, name), text);
};

test("each concept of the front and the testing kit has an example, and all examples compile", () => {
  written();
  expect(examples.map(({ name }) => name).toSorted()).toEqual(
    [
      "application-1.ts",
      "decider-1.ts",
      "decider-cases-1.ts",
      "effect-1.ts",
      "in-one-process-1.ts",
      "projection-1.ts",
      "saga-1.ts",
      "translator-1.ts",
    ].toSorted(),
  );
  const compiler = [join(root, "node_modules/typescript/lib/tsc.js"), "-p", folder];
  const { stdout } = spawnSync(process.execPath, compiler, { cwd: root, encoding: "utf8" });
  expect(stdout).toBe("");
});

test.each(examples)("the example $name runs", async ({ name, text }) => {
  expect(readFileSync(join(folder, name), "utf8")).toBe(text);
  await import(join(folder, name));
});
