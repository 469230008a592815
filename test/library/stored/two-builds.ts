/** Builds of the library with changes, and a build in which some functions come from another one. */
import { execFileSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { readAssembly } from "../../../lib/local/cloudformation/assembly.ts";
import { changedLibrary, type Edit } from "./changed-library.ts";

const synth = join(import.meta.dirname, "../../../bin/synth.ts");

/** The folder of the cloud assembly. `done` deletes it. */
export const built = (edits: readonly Edit[]) => {
  const { folder, done } = changedLibrary(edits);
  const assembly = join(folder, "cdk.out");
  const args = ["--import", "tsx", synth, "--context", "public=true", "--output", assembly];
  execFileSync(process.execPath, args, { cwd: folder, stdio: "ignore" });
  return { assembly, done };
};

const code = z.object({ Code: z.object({ S3Key: z.string() }) });

/** The folder with the code of each function whose logical id starts with one of these texts. */
const codeOf = (assembly: string, beginnings: readonly string[]): ReadonlyMap<string, string> => {
  const { template, assets } = readAssembly(assembly);
  return new Map(
    Object.entries(template.Resources)
      .filter(
        ([id, { Type }]) =>
          Type === "AWS::Lambda::Function" && beginnings.some((beginning) => id.startsWith(beginning)),
      )
      .map(([id, { Properties }]) => [id, assets.get(code.parse(Properties).Code.S3Key) ?? id]),
  );
};

/** Replaces the code of these functions by that of another build. Functions of one role share their code. */
export const replaceFunctions = (assembly: string, beginnings: readonly string[], other: string): void => {
  const others = codeOf(other, beginnings);
  for (const [id, folder] of codeOf(assembly, beginnings)) {
    const replacement = others.get(id);
    if (replacement === undefined) throw new Error(`the other build has no function ${id}`);
    rmSync(folder, { recursive: true });
    cpSync(replacement, folder, { recursive: true });
  }
};
