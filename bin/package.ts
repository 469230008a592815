/**
 * Runs before and after `npm pack`. The package.json of this repository has `files: []`, so npm packs an empty folder. Before
 * that, this script builds the content of the package in a staging folder. After that, it replaces the tarball by one of the
 * staging folder with its own package.json.
 */
import { resolve } from "node:path";
import { fail, messageOf } from "./command-line.ts";
import { stage, stagingFolder } from "./package/stage.ts";
import { pack } from "./package/tarball.ts";

const {
  npm_lifecycle_event: event,
  npm_config_dry_run: dryRun,
  npm_config_pack_destination: destination = ".",
} = process.env;

const packStaged = (): void => {
  const { file, count, bytes } = pack(stagingFolder, resolve(destination));
  process.stderr.write(`${file}: ${count} files, ${Math.ceil(bytes / 1000)} kB\n`);
};

try {
  if (event === "prepack") stage();
  else if (dryRun !== "true") packStaged();
} catch (error) {
  fail(messageOf(error));
}
