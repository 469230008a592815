/** `eventfold synth` prints who gets the alarms, as `cdk synth` does, and its JSON document has the same lines. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shapes } from "../../bin/command-line/shapes.ts";
import { run } from "./command-line.ts";

/** Bundling takes seconds, on a machine that runs other tests at the same time. */
const patienceMilliseconds = 120_000;

test.each([
  [[], /^warning: no alarm is sent to anyone; add -c alarms=EMAIL or -c alarms=ARN of a topic of SNS\n$/],
  [
    ["-c", "alarms=ops@example.com"],
    /^alarms: ops@example\.com gets no alarm until the link [^\n]+ is opened\n$/,
  ],
])(
  "eventfold synth %j says who gets the alarms",
  { timeout: patienceMilliseconds },
  async (words, notice) => {
    const output = mkdtempSync(join(tmpdir(), "synth-"));
    const { code, stdout, stderr } = await run("bin/synth.ts", [...words, "--output", output, "--json"]);
    rmSync(output, { recursive: true });
    expect([code, stderr]).toEqual([0, expect.stringMatching(notice)]);
    expect(shapes.synth.parse(JSON.parse(stdout))).toMatchObject({ notices: [stderr.trimEnd()] });
  },
);
