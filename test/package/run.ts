/**
 * `npm run test:package`: what another repository gets. Packs eventfold, checks the package, installs it in an
 * application in a temporary folder, and runs that on the oldest supported and on the deployed version of Node.
 * Installs come from the npm registry or from npm's cache.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../bin/command-line.ts";
import { answersARequest, everyModuleLoads, namesAMissingPeer, synthesizesWithoutOurs } from "./checks.ts";
import { consumer } from "./consumer.ts";
import { library } from "./library.ts";

const check = async <Value>(name: string, run: () => Value): Promise<Awaited<Value>> => {
  const began = performance.now();
  const value = await run();
  process.stdout.write(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${name}\n`);
  return value;
};

const bin = (folder: string, ...[name = "", ...words]: readonly string[]) =>
  execFileSync(join(folder, "node_modules/.bin", name), words, {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });

/** Returns the path of the tarball. */
const npmPack = (into: string): string => {
  const manifest = () => readFileSync(join(root, "package.json"), "utf8");
  const before = manifest();
  const { stderr } = spawnSync("npm", ["pack", "--pack-destination", into], { cwd: root, encoding: "utf8" });
  if (!/^\S+\.tgz: \d+ files, \d+ kB\n$/.test(stderr))
    throw new Error(`npm pack: expected one line that names the tarball, got ${stderr}`);
  if (manifest() !== before) throw new Error("npm pack changed package.json");
  const [file = "", ...others] = readdirSync(into);
  if (others.length > 0) throw new Error(`npm pack: expected one file, got ${[file, ...others].join(", ")}`);
  return join(into, file);
};

const run = async (into: string): Promise<void> => {
  const file = await check("npm pack, which changes no file here", () => npmPack(into));
  await check("publint is clean", () => bin(root, "publint", "--strict", file));
  await check("attw is clean", () => bin(root, "attw", "--profile", "esm-only", file));
  const { folder, nodes } = await check("npm install in another folder", () => consumer(file, into));
  await check("strict and exactOptionalPropertyTypes", () => bin(folder, "tsc", "-p", "."));
  for (const [name, node] of nodes) {
    const place = { folder, node };
    const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
    await check(`${name} (${version}): every module loads`, () => everyModuleLoads(place));
    await check(`${name}: synthesizes, and no bundle has the shop`, () => synthesizesWithoutOurs(place));
    await check(`${name}: names a missing peer`, () => namesAMissingPeer(place));
    await check(`${name}: POST is answered with 202`, () => answersARequest(place));
  }
  const other = await check("npm install of the library", () => library(file, into));
  await check("the library: its types", () => bin(other, "tsc", "-p", "."));
  await check("the library: its tests", () => bin(other, "vitest", "run"));
};

if (process.platform !== "linux" || process.arch !== "x64") {
  process.stdout.write(
    "skipped: the package on other versions of Node (their binaries are for Linux on x64)\n",
  );
  process.exit(77);
}
const into = mkdtempSync(join(tmpdir(), "package-"));
try {
  await run(into);
} finally {
  rmSync(into, { recursive: true, force: true });
}
