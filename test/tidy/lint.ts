/** Runs rules of Biome that are off in `biome.json`, with the limits that are set there. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import * as z from "zod";
import { root } from "./source.ts";

const report = z.object({ diagnostics: z.array(z.object({ location: z.object({ path: z.string() }) })) });

/** The files in which the rule finds something. Throws if Biome fails. */
export const filesWithFindings = (rule: string): readonly string[] => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(root, "node_modules/@biomejs/biome/bin/biome"),
      "lint",
      `--only=${rule}`,
      "--reporter=json",
      "--max-diagnostics=none",
      "bin",
      "lib",
      "lambdas",
    ],
    { cwd: root, encoding: "utf8" },
  );
  if (stdout === "") throw new Error(`biome did not answer: ${stderr}`);
  return report.parse(JSON.parse(stdout)).diagnostics.map(({ location }) => location.path);
};
