/** The packages in a package.json, with the versions that this repository has installed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { root } from "../bin/command-line.ts";

/** The packages in a package.json, without eventfold itself. */
export const packagesIn = (text: string): readonly (readonly [name: string, version: unknown])[] => {
  const { dependencies, devDependencies } = JSON.parse(text);
  const { eventfold: _, ...packages } = { ...dependencies, ...devDependencies };
  return Object.entries(packages);
};

const locked = z
  .object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) })
  .parse(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"))).packages;

const installedVersion = (name: string): string | undefined => locked[`node_modules/${name}`]?.version;

/** These packages with their installed versions, in the format of a package.json. */
export const installed = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, installedVersion(name)]));

export const isOtherVersion = ([name, version]: readonly [string, unknown]): boolean =>
  installedVersion(name) !== version;
