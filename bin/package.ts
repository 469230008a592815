/**
 * `npm pack`: a package for other repositories. npm packs the folder with our package.json, which is the one for work
 * in this repository and has `files: []`. Before that, this script builds the content of the package in a staging
 * folder. After that, it replaces the tarball with one of the staging folder and its own package.json.
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

try {
  if (event === "prepack") stage();
  else if (dryRun !== "true") process.stderr.write(`packed ${pack(stagingFolder, resolve(destination))}\n`);
} catch (error) {
  fail(messageOf(error));
}
