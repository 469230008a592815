/** Packs eventfold as a tarball. `npm pack` in this repository and `eventfold new` in any folder use it. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { root, stage } from "./stage.ts";

const packed = z.tuple([z.object({ filename: z.string(), entryCount: z.int(), size: z.int() })]);

type Tarball = {
  readonly file: string;
  /** How many files the tarball has. */
  readonly count: number;
  readonly bytes: number;
};

/** Packs the content of a folder without running its scripts. Needs no network. */
export const pack = (content: string, to: string): Tarball => {
  const words = ["pack", content, "--pack-destination", to, "--json", "--ignore-scripts"];
  const { status, stdout, stderr } = spawnSync("npm", words, { encoding: "utf8", cwd: to });
  if (status !== 0) throw new Error(`npm ${words.join(" ")} failed:\n${stderr}`);
  const [{ filename, entryCount, size }] = packed.parse(JSON.parse(stdout));
  return { file: join(to, filename), count: entryCount, bytes: size };
};

/** The folder with the content of the tarball: an installed package as it is, or a checkout after a build. */
export const contentFolder = (): string => (existsSync(join(root, "tsconfig.build.json")) ? stage() : root);
