/** Packs eventfold as a tarball. `npm pack` in this repository and `eventfold new` in any folder use it. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { root, stage } from "./stage.ts";

const packed = z.tuple([z.object({ filename: z.string() })]);

/** Packs the content of a folder without running its scripts. Returns the file. Needs no network. */
export const pack = (content: string, to: string): string => {
  const words = ["pack", content, "--pack-destination", to, "--json", "--ignore-scripts"];
  const { status, stdout, stderr } = spawnSync("npm", words, { encoding: "utf8", cwd: to });
  if (status !== 0) throw new Error(`npm ${words.join(" ")} failed:\n${stderr}`);
  return join(to, packed.parse(JSON.parse(stdout))[0].filename);
};

/** The folder with the content of the tarball: an installed package as it is, or a checkout after a build. */
export const contentFolder = (): string => (existsSync(join(root, "tsconfig.build.json")) ? stage() : root);
