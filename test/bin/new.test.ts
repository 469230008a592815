/** `npm run new`: what it refuses, and what a new application consists of. `npm run test:new` installs and runs one. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { partsOf } from "../../bin/document/documents.ts";
import { placed, withPart } from "../../bin/document/pages.ts";
import { write } from "../../bin/new/folder.ts";
import { nameOf } from "../../bin/new/name.ts";
import { filesOf } from "../../bin/new/template.ts";
import { validate } from "../../lib/model/validation/validate.ts";
import { application } from "../../templates/new/lib/application.ts";
import { technologies } from "../../templates/new/lib/technologies.ts";
import { isOtherVersion, packagesIn } from "../new/packages.ts";
import { recipeIn } from "../new/recipe.ts";
import { root, run } from "./command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "new-"));
afterAll(() => rmSync(folder, { recursive: true }));

const named = { name: "Library", tarball: "eventfold-1.2.3.tgz" };
const files = filesOf(root, "new", named);
const textOf = (path: string): string => `${files.find((file) => file.path === path)?.content}`;
const code = files.filter(({ path }) => path.endsWith(".ts"));

test("an application has at most 14 files, with the tarball", () => {
  expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining([".gitignore", "package.json"]));
  expect(files.length + 1).toBeLessThanOrEqual(14);
});

test.each(code)("one comment line says what $path is for", ({ content }) => {
  const [first, second] = `${content}`.split("\n");
  expect(first).toMatch(/^\/\*\* .+\. \*\/$/);
  expect(second).toMatch(/^import /);
});

test("no file mentions the shop", () => {
  const found = files.filter(({ content }) =>
    /\b(shop|orders?|stock|payments?|sku|checkout)\b/i.test(`${content}`),
  );
  expect(found.map(({ path }) => path)).toEqual([]);
});

test("files import eventfold, zod, vitest, Node and each other", () => {
  const imported = code.flatMap(({ content }) =>
    [...`${content}`.matchAll(/ from "([^"]+)";/g)].map(([, name = ""]) => name),
  );
  expect(imported.filter((name) => !/^(eventfold(\/|$)|zod$|vitest$|node:|#|\.)/.test(name))).toEqual([]);
});

test("the application, its stack, its package and its sender have the given name", () => {
  expect(files.filter(({ content }) => `${content}`.includes("new-application"))).toEqual([]);
  expect(textOf("lib/application.ts")).toContain('name: "Library"');
  expect(JSON.parse(textOf("package.json"))).toMatchObject({
    name: "library",
    dependencies: { eventfold: "file:vendor/eventfold-1.2.3.tgz" },
  });
  expect(JSON.parse(textOf("cdk.json")).context.sender).toBe("Library@example.com");
});

test("it has the versions and the flags of this repository", () => {
  expect(packagesIn(textOf("package.json")).filter(isOtherVersion)).toEqual([]);
  const { sender: _sender, ...flags } = JSON.parse(textOf("cdk.json")).context;
  expect(flags).toEqual(JSON.parse(readFileSync(join(root, "cdk.json"), "utf8")).context);
});

test("the application has no problems", () => {
  expect(validate(application)).toEqual([]);
});

test("the README shows how its events flow", () => {
  const template = join(root, "templates/new");
  const readme = readFileSync(join(template, "README.md"), "utf8");
  const parts = placed(template, partsOf({ application, technologies }));
  expect(parts.map(({ file, name }) => [file, name])).toEqual([["README.md", "flow"]]);
  for (const part of parts) expect(withPart(readme, part)).toBe(readme);
});

test("the recipe for a command touches two files", () => {
  const made = join(folder, "recipe");
  write(made, files);
  execFileSync("git", ["apply", "-"], { cwd: made, input: recipeIn(textOf("README.md")) });
  const changed = files.filter(({ path, content }) => readFileSync(join(made, path), "utf8") !== content);
  expect(changed.map(({ path }) => path).sort()).toEqual(["lib/application.ts", "lib/task.ts"]);
});

test("without a name the application has the folder's name", () => {
  expect(nameOf("/home/ada/library", undefined)).toEqual({ name: "library" });
});

test.each([
  ["my library", "my-library"],
  ["2026_books!", "books"],
  ["书", "my-application"],
  ["amq", "my-application"],
])("a folder %s is refused as a name, with the proposal %s", (own, proposal) => {
  const named = nameOf(join("/home/ada", own), undefined);
  const lines = "because" in named ? named.because.split("\n") : [];
  expect(lines).toEqual([expect.stringMatching(/^name of the folder: /), `add --name ${proposal}`]);
});

test("a bad name is refused with what was expected", async () => {
  const { code, stderr } = await run("bin/new.ts", [join(folder, "bad"), "--name", "my library"]);
  expect(stderr).toBe(
    '--name: expected 1 to 64 characters: letters, digits and dashes, a letter first; got "my library"\n',
  );
  expect(code).toBe(1);
  expect(readdirSync(folder)).not.toContain("bad");
});

test("a folder that is not empty is refused, and nothing changes in it", async () => {
  const full = join(folder, "full");
  mkdirSync(full);
  writeFileSync(join(full, ".hidden"), "mine");
  const { code, stdout, stderr } = await run("bin/new.ts", [full]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toBe(`${full} is not empty; name a new or empty folder\n`);
  expect(readdirSync(full)).toEqual([".hidden"]);
});

test("a file is refused as a folder", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "mine");
  const { code, stderr } = await run("bin/new.ts", [file]);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `${file} is a file; name a new or empty folder\n`,
  });
});

test.each([
  [["--nam", "library"], "there is no option --nam; did you mean --name?"],
  [[], "expected one folder, such as ../library; got none"],
  [["a", "b"], "expected one folder, such as ../library; got a b"],
  [["a", "--template", "blog"], "--template: expected new or shop, got blog"],
])("%j is wrong usage", async (words, because) => {
  const { code, stderr } = await run("bin/new.ts", words);
  expect(code).toBe(2);
  expect(stderr).toContain(because);
});

test("--help lists the options", async () => {
  const { code, stdout } = await run("bin/new.ts", ["--help"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/eventfold new FOLDER[\s\S]*--name NAME[\s\S]*--template TEMPLATE[\s\S]*--json/);
});
