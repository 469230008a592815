import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Runs the app like `cdk`, which passes the context in an environment variable. */
const stderrOf = (context: Readonly<Record<string, string>>, environment: NodeJS.ProcessEnv = {}) =>
  new Promise<readonly [code: unknown, stderr: string]>((resolve) =>
    execFile(
      process.execPath,
      ["--import", "tsx", "bin/app.ts"],
      { cwd: root, env: { ...process.env, ...environment, CDK_CONTEXT_JSON: JSON.stringify(context) } },
      (error, _, stderr) => resolve([error?.code ?? 0, stderr]),
    ),
  );

const message = "context buss=kafka: unknown key; did you mean bus?\n";

test("cdk shows a mistake in the context as one line, without a stack", async () => {
  expect(await stderrOf({ buss: "kafka" })).toEqual([1, message]);
});

test("cdk --debug shows the stack as well", async () => {
  const [code, stderr] = await stderrOf({ buss: "kafka" }, { CDK_DEBUG: "true" });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Error: context buss=kafka[^\n]+\n +at .*keys\.ts/);
});
