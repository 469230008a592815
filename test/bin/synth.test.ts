/** `eventfold synth` prints who gets the alarms, as `cdk synth` does, and its JSON document has the same lines. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shapes } from "../../bin/command-line/shapes.ts";
import { run } from "./command-line.ts";

/** Bundling takes seconds, on a machine that runs other tests at the same time. */
const patienceMilliseconds = 120_000;

test("eventfold synth says what a person should know", { timeout: patienceMilliseconds }, async () => {
  const output = mkdtempSync(join(tmpdir(), "synth-"));
  const { code, stdout, stderr } = await run("bin/synth.ts", ["--output", output, "--json"]);
  rmSync(output, { recursive: true });
  expect([code, stderr]).toEqual([
    0,
    expect.stringMatching(/^warning: no alarm is sent to anyone; [^\n]+\ncallers: [^\n]+\n$/),
  ]);
  expect(shapes.synth.parse(JSON.parse(stdout))).toMatchObject({ notices: stderr.trimEnd().split("\n") });
});
