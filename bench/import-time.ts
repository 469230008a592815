/**
 * The size of each function's bundle, and the time that a new Node process takes to import it: the median of ten. Cold
 * starts on Lambda take other times, but the bundles can be compared.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../lib/deploy/bundle.ts";

const runs = 10;
const lambdas = join(import.meta.dirname, "..", "lambdas");
const outdir = join(tmpdir(), "eventfold-bundles");

const measure =
  "const t = performance.now(); await import(process.argv[1]); console.log(performance.now() - t);";

type Environment = Readonly<Record<string, string | undefined>>;

/** Handlers are found by their names when a bundle is imported. */
const names: Environment = {
  ...process.env,
  AWS_REGION: "eu-central-1",
  SAGA: "checkout",
  EFFECT: "send-confirmation",
  TRANSLATOR: "stock-deliveries",
  API_GUARD: "open",
  API_CALLERS: "exempt",
  NODE_NO_WARNINGS: "1",
};

const run = (file: string, env: Environment) =>
  spawnSync(process.execPath, ["--input-type=module", "-e", measure, file], { env, encoding: "utf8" });

/** Adds the other variables that a bundle reads on import, which its errors name. */
const environmentOf = (file: string, known = names): Environment => {
  const { status, stderr } = run(file, known);
  if (status === 0) return known;
  const missing = /environment variable (\w+) is missing/.exec(stderr)?.[1];
  if (missing === undefined || known[missing] !== undefined) throw new Error(stderr.slice(-2000));
  return environmentOf(file, { ...known, [missing]: "x" });
};

const importMilliseconds = (file: string): number => {
  const environment = environmentOf(file);
  const times = Array.from({ length: runs }, () => Number(run(file, environment).stdout)).toSorted(
    (one, other) => one - other,
  );
  return times[Math.floor(runs / 2)] ?? Number.NaN;
};

bundle({ lambdas, outdir, chosen: [], modules: {} });
process.stdout.write("role            KB   import ms\n");
for (const role of readdirSync(outdir)) {
  const file = join(outdir, role, "index.mjs");
  const kilobytes = (statSync(file).size / 1024).toFixed(0).padStart(5);
  process.stdout.write(
    `${role.padEnd(12)} ${kilobytes} ${importMilliseconds(file).toFixed(0).padStart(11)}\n`,
  );
}
