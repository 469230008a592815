/**
 * How large each function's bundle is, and how long a fresh Node process takes to import it: the median of ten.
 * Cold starts on Lambda differ; the bundles compare with each other.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../bin/bundle.ts";

const runs = 10;
const lambdas = join(import.meta.dirname, "..", "lambdas");
const outdir = join(tmpdir(), "eventfold-bundles");

const measure =
  "const t = performance.now(); await import(process.argv[1]); console.log(performance.now() - t);";

/** Settings that the bundles read when they are imported. */
const environment = {
  ...process.env,
  AWS_REGION: "eu-central-1",
  ...Object.fromEntries(
    [
      "EVENTS_TABLE",
      "INSTANCES_TABLE",
      "LEDGER_TABLE",
      "PARKED_TABLE",
      "PAYMENTS_TABLE",
      "READ_MODEL_ORDER_SUMMARY",
      "READ_MODEL_STOCK_LEVEL",
      "EVENT_BUS_NAME",
      "EVENT_SOURCE",
      "STATE_MACHINE_CHECKOUT",
      "MAIL_FROM",
      "EVENTFOLD_NAMESPACE",
    ].map((name) => [name, "x"]),
  ),
  SAGA: "checkout",
  EFFECT: "send-confirmation",
  NODE_NO_WARNINGS: "1",
};

const importMilliseconds = (file: string): number => {
  const times = Array.from({ length: runs }, () =>
    Number(
      execFileSync(process.execPath, ["--input-type=module", "-e", measure, file], { env: environment }),
    ),
  ).toSorted((one, other) => one - other);
  return times[Math.floor(runs / 2)] ?? Number.NaN;
};

bundle({ lambdas, outdir });
process.stdout.write("role            KB   import ms\n");
for (const role of readdirSync(outdir)) {
  const file = join(outdir, role, "index.mjs");
  const kilobytes = (statSync(file).size / 1024).toFixed(0).padStart(5);
  process.stdout.write(
    `${role.padEnd(12)} ${kilobytes} ${importMilliseconds(file).toFixed(0).padStart(11)}\n`,
  );
}
