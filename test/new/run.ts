/**
 * `npm run test:new`: creates an application as a team does, outside this repository. It is made, installed, tested and
 * started, and accepts the first printed line. Then it gets a command by the recipe in its README, is tested, started and
 * synthesized again. Its eventfold makes a shop, which is tested and started as well. Prints the seconds from `new` to the first 202.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sh, whileStarted } from "./application.ts";
import { recipeIn } from "./recipe.ts";

const root = join(import.meta.dirname, "../..");

const seconds = (from: number): string => `${((performance.now() - from) / 1000).toFixed(1).padStart(5)} s`;

const note = (from: number, what: string): void => void process.stdout.write(`${seconds(from)}  ${what}\n`);

const line = async (text: string, folder: string): Promise<void> => {
  const from = performance.now();
  await sh(text, folder);
  note(from, text);
};

const expectEqual = (what: string, found: string, expected: string): void => {
  if (found !== expected) throw new Error(`${what}: expected ${expected}, got ${found}`);
};

/** Starts the application and sends the request that `find` finds in what it printed. */
const accepts = (folder: string, find: RegExp | ((url: string) => string)): Promise<void> => {
  const from = performance.now();
  return whileStarted(folder, async (printed) => {
    const url = /^ready (\S+)$/m.exec(printed)?.[1] ?? "";
    const request = find instanceof RegExp ? (find.exec(printed)?.[0] ?? "") : find(url);
    expectEqual(request, await sh(`${request} -s -o /dev/null -w '%{http_code}'`, folder), "202");
    note(from, `npm start, and 202 for ${request}`);
    const viewer = `${url}/_local/viewer/swagger-ui.js`;
    expectEqual(viewer, String((await fetch(viewer)).status), "200");
  });
};

const firstLine = /^curl .+$/m;

/** Follows the recipe of the README: one block for `git apply`. */
const addCommand = async (folder: string): Promise<void> => {
  const recipe = recipeIn(readFileSync(join(folder, "README.md"), "utf8"));
  const changed = await sh(`git apply --numstat --apply - <<'RECIPE'\n${recipe}RECIPE`, folder);
  const files = changed
    .trim()
    .split("\n")
    .map((line) => line.split("\t")[2]);
  expectEqual("files of the recipe", files.join(), "lib/application.ts,lib/task.ts");
};

const comment = (url: string): string =>
  `curl -H 'content-type: application/json' -d '{"comment": "Only the ferns"}' ${url}/tasks/1/comments`;

const tasks = async (folder: string): Promise<void> => {
  const from = performance.now();
  await line(`npm run new -- ${folder}`, root);
  await line("npm install", folder);
  await line("npm test", folder);
  await accepts(folder, firstLine);
  note(from, "from npm run new to the first 202 (goal: 60 s with npm's cache warm)");
  await addCommand(folder);
  await line("npm test", folder);
  await accepts(folder, comment);
  await line("npx cdk synth --quiet", folder);
  // A clone of the folder is installed from the lock file.
  await line("npm ci --dry-run", folder);
};

/** The installed package of another application creates the folder. */
const shop = async (folder: string, other: string): Promise<void> => {
  await line(`npx eventfold new ${folder} --template shop`, other);
  await line("npm install", folder);
  await line("npm test", folder);
  await line("npx cdk synth --quiet", folder);
  await accepts(folder, firstLine);
};

const outside = mkdtempSync(join(tmpdir(), "test-new-"));
try {
  const library = join(outside, "library");
  await tasks(library);
  await shop(join(outside, "market"), library);
} finally {
  rmSync(outside, { recursive: true, force: true });
}
