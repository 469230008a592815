/**
 * `npm run test:fuzz`: schemathesis reads the OpenAPI document of a running shop and sends requests that fit it and
 * requests that do not. No response may be 5xx or have a status, header or body that is not in the document. Requests
 * that do not fit must be refused; requests that fit must not be refused, except for the reasons in `refusals.ts`. The
 * seed is fixed.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endAll, npmStart } from "../e2e/npm-start.ts";
import { environmentIn, recentPython } from "./python.ts";
import { unexcused } from "./refusals.ts";
import { seed } from "./seed.ts";

/** The exit code for a skipped test, as in Automake. */
const nothingTested = 77;

/** With the start of the shop, the run takes less than three minutes. */
const runs = [
  { mode: "positive", phases: "examples,coverage,fuzzing,stateful", seconds: 75 },
  { mode: "negative", phases: "examples,coverage,fuzzing", seconds: 45 },
] as const;

const folder = mkdtempSync(join(tmpdir(), "fuzz-"));

/** Returns the exit code. The fuzzer writes its files into its working directory. */
const run = (command: string, args: readonly string[]): Promise<number> =>
  new Promise((resolve) => {
    const child = spawn(command, args, { cwd: folder, stdio: "inherit" });
    child.once("error", () => resolve(1));
    child.once("close", (code) => resolve(code ?? 1));
  });

const fuzz = async (schemathesis: string, url: string): Promise<boolean> => {
  let isFine = true;
  for (const { mode, phases, seconds } of runs) {
    const report = join(folder, `${mode}.ndjson`);
    const code = await run(schemathesis, [
      ...["--no-color", "run", `${url}/openapi.json`, "--seed", "1", "--mode", mode, "--phases", phases],
      ...["--max-time", `${seconds}`, "--continue-on-failure", "--warnings", "off"],
      // Refused requests that fit are checked below, against the list of reasons.
      ...["--checks", "all", "--exclude-checks", "positive_data_acceptance"],
      ...["--report", "ndjson", "--report-ndjson-path", report],
    ]);
    const refused = unexcused(readFileSync(report, "utf8"));
    for (const each of refused) process.stdout.write(`fits the document, but was refused: ${each}\n`);
    isFine = isFine && code === 0 && refused.length === 0;
  }
  return isFine;
};

const main = async (): Promise<number> => {
  const python = recentPython();
  if (python === undefined) {
    process.stdout.write("skipped: schemathesis (no Python 3.11 with venv)\n");
    return nothingTested;
  }
  const bin = environmentIn(folder, python, join(import.meta.dirname, "requirements.txt"));
  const shop = npmStart(["--port", "0", "--data", join(folder, "data"), "--quiet"]);
  const url = await shop.ready;
  await seed(url);
  return (await fuzz(join(bin, "schemathesis"), url)) ? 0 : 1;
};

try {
  process.exitCode = await main();
} finally {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
}
