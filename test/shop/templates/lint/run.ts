/**
 * `npm run test:templates`: cfn-lint finds no error and no warning in the templates of the shop, for contexts that together
 * have each pair of choices. Functions have no code in them, which changes nothing in a template but a hash.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentIn, recentPython } from "../../../fuzz/python.ts";
import { synthesizeWithoutCode } from "../without-code.ts";
import type { Context } from "./factors.ts";
import { selection } from "./selection.ts";

/** The exit code for a skipped test, as in Automake. */
const nothingTested = 77;

/** Each takes some seconds. */
const templatesMax = 12;

/** W3005: a DependsOn that a reference already implies. CDK writes these. */
const ignored = ["W3005"];

const folder = mkdtempSync(join(tmpdir(), "templates-"));

const templatesOf = (context: Context, index: number): readonly string[] => {
  const outdir = join(folder, `${index}`);
  synthesizeWithoutCode(context, outdir);
  return readdirSync(outdir)
    .filter((name) => name.endsWith(".template.json"))
    .map((name) => join(outdir, name));
};

/** One file of each text: the stack of a Kafka cluster is the same in several contexts. */
const distinct = (files: readonly string[]): readonly string[] => [
  ...new Map(files.map((file) => [readFileSync(file, "utf8"), file])).values(),
];

const lint = (python: string): number => {
  for (const [index, context] of selection.entries())
    process.stdout.write(`${index}: ${JSON.stringify(context)}\n`);
  const files = distinct(selection.flatMap(templatesOf));
  if (files.length > templatesMax)
    throw new Error(
      `expected at most ${templatesMax} templates, got ${files.length}: a factor has too many values`,
    );
  const bin = environmentIn(folder, python, join(import.meta.dirname, "requirements.txt"));
  const { status } = spawnSync(join(bin, "cfn-lint"), ["--ignore-checks", ...ignored, "--", ...files], {
    stdio: "inherit",
  });
  process.stdout.write(`${files.length} templates of ${selection.length} contexts\n`);
  return status ?? 1;
};

const python = recentPython();
try {
  if (python === undefined) process.stdout.write("skipped: cfn-lint (no Python 3.11 with venv)\n");
  process.exitCode = python === undefined ? nothingTested : lint(python);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
