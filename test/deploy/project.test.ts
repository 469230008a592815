/** Finding the application of a folder, as every command does. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { moduleIn } from "../../lib/deploy/modules.ts";
import { projectIn, projectRoot } from "../../lib/deploy/project.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "project-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const imports = { "#application": "./a.mjs", "#services": "./s.mjs", "#technologies": "./t.mjs" };
/** Text for a module in an empty folder, which cannot import the library. */
const application =
  '{ name: "jobs", deciders: [], projections: [], effects: [], sagas: [], access: [], routes: [] }';

const write = (files: Readonly<Record<string, string>>) => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
};

const whole = (changed: Readonly<Record<string, string>> = {}) =>
  write({
    "package.json": JSON.stringify({ name: "jobs", type: "module", imports }),
    "a.mjs": `export const application = ${application};`,
    "s.mjs": "export const services = {};",
    "t.mjs": "export const technologies = { services: () => ({}) };",
    ...changed,
  });

test("the application belongs to the nearest package.json above that maps it", async () => {
  whole();
  mkdirSync(join(folder, "lib/orders"), { recursive: true });
  writeFileSync(join(folder, "lib/package.json"), "{}");
  const project = await projectIn(join(folder, "lib/orders"));
  expect(project).toMatchObject({ application: { name: "jobs" }, root: folder });
});

test("a folder without an application is refused, and the message says what is missing", () => {
  expect(() => projectRoot(folder)).toThrow(
    `${folder}: expected a package.json with "imports" for #application, #services, #technologies here or in a folder ` +
      "above; run this command in the folder of your application",
  );
});

test("a name that package.json does not map is refused, and the message says what to add", () => {
  whole({ "package.json": JSON.stringify({ type: "module", imports: { "#application": "./a.mjs" } }) });
  expect(() => moduleIn(folder, "#services")).toThrow(
    `${join(folder, "package.json")}: expected "imports" with #services and the file of that module, such as ` +
      '"#services": "./lib/services.ts"',
  );
});

test.each([
  ["application", { "a.mjs": "export const app = 1;" }, "a.mjs"],
  ["technologies", { "t.mjs": "export const technologies = { services: {} };" }, "t.mjs"],
] as const)("a module without its %s is refused with its file", async (name, files, file) => {
  whole(files);
  await expect(projectIn(folder)).rejects.toThrow(
    `${join(folder, file)}: expected an export named ${name} that is the value of #${name}`,
  );
});

test("an application that is not valid is refused with its problems", async () => {
  whole({ "a.mjs": 'export const application = { name: "jobs", deciders: [], routes: {} };' });
  await expect(projectIn(folder)).rejects.toThrow(
    "the application is not valid:\n- application jobs: expected projections to be a list, got none; add projections\n",
  );
  await expect(projectIn(folder)).rejects.toThrow("expected routes to be a list, got an object");
});
