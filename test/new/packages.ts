/** Which packages a package.json names, and whether this repository has installed the same versions. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { root } from "../bin/command-line.ts";

/** The packages that a package.json names, without eventfold itself. */
export const packagesIn = (text: string): readonly (readonly [name: string, version: unknown])[] => {
  const { dependencies, devDependencies } = JSON.parse(text);
  const { eventfold: _, ...packages } = { ...dependencies, ...devDependencies };
  return Object.entries(packages);
};

/** What this repository has installed. */
const installed = z
  .object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) })
  .parse(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"))).packages;

export const isOtherVersion = ([name, version]: readonly [string, unknown]): boolean =>
  installed[`node_modules/${name}`]?.version !== version;
