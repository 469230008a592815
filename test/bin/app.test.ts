import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Runs the app like `cdk`, which passes the context in an environment variable. */
const stderrOf = (
  context: Readonly<Record<string, string>>,
  environment: NodeJS.ProcessEnv = {},
  file = "bin/app.ts",
) =>
  new Promise<readonly [code: unknown, stderr: string]>((resolve) =>
    execFile(
      process.execPath,
      ["--import", "tsx", file],
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

test("cdk shows a module that package.json does not map as one line, as eventfold start does", async () => {
  const folder = mkdtempSync(join(tmpdir(), "app-"));
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ type: "module", imports: { "#application": "./nowhere.ts" } }),
  );
  writeFileSync(
    join(folder, "app.ts"),
    `import { cdkAppIn } from ${JSON.stringify(join(root, "lib/deploy/cdk-app.ts"))};\nawait cdkAppIn(import.meta.dirname);\n`,
  );
  const [code, stderr] = await stderrOf({}, {}, join(folder, "app.ts"));
  rmSync(folder, { recursive: true });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^\S+package\.json: expected "imports" with #application and the file [^\n]+\n$/);
});

/** Bundling takes seconds, on a machine that runs other tests at the same time. */
const patienceMilliseconds = 120_000;

test("cdk says what a person should know before a deployment", {
  timeout: patienceMilliseconds,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "app-"));
  expect(await stderrOf({}, { CDK_OUTDIR: folder })).toEqual([
    0,
    expect.stringMatching(/^warning: no alarm is sent to anyone; [^\n]+\ncallers: [^\n]+\n$/),
  ]);
  rmSync(folder, { recursive: true });
});

test.each(["bin/app.ts", "templates/base/bin/app.ts"])("%s imports nothing by a # name", (file) => {
  expect(readFileSync(join(root, file), "utf8")).not.toMatch(/from "#/);
});
