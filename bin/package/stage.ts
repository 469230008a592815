/**
 * Builds the content of the tarball in `.build/package`. It changes nothing else, so an aborted build needs no clean-up.
 */
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { packedManifest } from "./manifest.ts";
import { writeShop } from "./shop.ts";
import { copySwaggerUi } from "./swagger-ui.ts";

export const root = join(import.meta.dirname, "../..");

export const stagingFolder = join(root, ".build/package");

const compiler = (): string =>
  join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");

const compile = (to: string): void => {
  const { status, stdout } = spawnSync(
    process.execPath,
    [compiler(), "-p", "tsconfig.build.json", "--outDir", to],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`tsc -p tsconfig.build.json failed:\n${stdout}`);
};

/** Starts the commands from their TypeScript, which the tarball does not have. */
const launcher = "eventfold.mjs";

/** Copies the files that code reads at run time, which are not TypeScript. */
const copyAssets = (to: string): void => {
  for (const folder of ["bin", "lib", "lambdas", "docs/json"])
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      if (!/\.(mjs|css|json|xml|html|txt|br)$/.test(file) || file === launcher) continue;
      mkdirSync(dirname(join(to, folder, file)), { recursive: true });
      copyFileSync(join(root, folder, file), join(to, folder, file));
    }
};

/** Returns the folder, which `npm pack` and `npm install` accept. Throws if compilation fails. */
export const stage = (): string => {
  const building = `${stagingFolder}-${process.pid}`;
  try {
    compile(building);
    copyAssets(building);
    copySwaggerUi(building);
    writeShop(root, join(building, "templates/shop"));
    cpSync(join(root, "templates"), join(building, "templates"), { recursive: true });
    for (const file of ["README.md", "LICENSE", "cdk.json"])
      copyFileSync(join(root, file), join(building, file));
    const manifest = packedManifest(readFileSync(join(root, "package.json"), "utf8"));
    writeFileSync(join(building, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    rmSync(stagingFolder, { recursive: true, force: true });
    renameSync(building, stagingFolder);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return stagingFolder;
};
