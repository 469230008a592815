/** The help of a command names each of its options, and wraps its lines. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commands } from "../../bin/help/commands.ts";
import { type Help, helpSection, helpText } from "../../bin/help/help.ts";
import { root } from "./command-line.ts";

/** Each command, and the file that reads its options. */
const readers = [
  [commands.new, "bin/new.ts"],
  [commands.start, "bin/local/options.ts"],
  [commands.synth, "bin/synth.ts"],
  [commands.operate, "bin/operate/usage.ts"],
  [commands.document, "bin/document.ts"],
  [commands.compat, "bin/compat/usage.ts"],
  [commands.provision, "bin/provision.ts"],
] as const satisfies readonly (readonly [Help, string])[];

const readBy = (file: string): readonly string[] =>
  [...readFileSync(join(root, file), "utf8").matchAll(/"?\b([\w-]+)"?: \{ type: "(?:string|boolean)"/g)].map(
    ([, name = ""]) => `--${name}`,
  );

const namedIn = (help: Help): readonly string[] =>
  help.options.flatMap(({ term }) => term.match(/--[\w-]+/g) ?? []);

test.each(readers.map(([help, file]) => [file, help] as const))(
  "the help names each option that %s reads",
  (file, help) => {
    expect([...namedIn(help)].sort()).toEqual([...readBy(file), "--json", "--help"].sort());
  },
);

test("every command is among them", () => {
  expect(readers.map(([help]) => help)).toEqual(Object.values(commands));
});

test.each(Object.entries(commands))("the help of %s fits a terminal of 120 columns", (_name, help) => {
  const long = helpText(help)
    .split("\n")
    .filter((line) => line.length > 120);
  expect(long).toEqual([]);
});

const help: Help = {
  summary: "paints",
  usage: "paint [options]",
  about: "Paints a wall.",
  options: [{ term: "--color red|blue", about: "the color", default: "red" }],
};

test("the text and the section have the same data", () => {
  expect(helpText(help)).toBe(
    "paint [options]\n\nPaints a wall.\n\n  --color red|blue  the color (default: red)\n",
  );
  expect(helpSection("paint", help)).toContain("| `--color red\\|blue` | the color (default: red) |");
});

test("a word that is longer than a line is kept whole", () => {
  const word = "x".repeat(200);
  expect(helpText({ ...help, about: `one ${word} two` })).toContain(`\none\n${word}\ntwo\n`);
});

/** Of these folders, an application gets no text. */
const isOfThisRepository = (file: string): boolean => /^(bin\/(shop|brokers)|lib\/shop)\//.test(file);

test("no text that an application shows names a script that only this repository has", () => {
  const files = ["bin", "lib", "lambdas", "templates"]
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map(
        (file) => `${folder}/${file}`,
      ),
    )
    .filter((file) => /\.(ts|md|template)$/.test(file) && !isOfThisRepository(file));
  expect(files.length).toBeGreaterThan(100);
  const found = files.filter((file) => /npm run \w/.test(readFileSync(join(root, file), "utf8")));
  expect(found).toEqual([]);
});
