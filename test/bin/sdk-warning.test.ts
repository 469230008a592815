/** The AWS SDK warns on Node 20. Commands, tests and local functions do not print the warning. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withoutSdkWarning } from "../../lib/local/service/sdk-warning.ts";
import { root, shellEnvironment } from "./command-line.ts";

const sdk = import.meta.resolve("@aws-sdk/client-sqs");

/** The standard error of a process that runs these imports and then makes a client. */
const saidWith = (imports: string): Promise<string> =>
  new Promise((resolve) => {
    const program = `${imports} import { SQSClient } from "${sdk}"; new SQSClient({ region: "eu-central-1" });`;
    const words = ["--import", "tsx", "--input-type=module", "--eval", program];
    // It does not depend on the Node that runs the tests: the SDK looks at the version that the process has.
    const old = `data:text/javascript,Object.defineProperty(process, "version", { value: "v20.20.0" })`;
    execFile(
      process.execPath,
      ["--import", old, ...words],
      { cwd: root, env: shellEnvironment() },
      (_, __, stderr) => resolve(stderr),
    );
  });

test("a process that imports what every command imports makes a client without the warning", async () => {
  expect(await saidWith('import "./bin/command-line.ts";')).toBe("");
});

test("a process without it gets the warning", async () => {
  expect(await saidWith("")).toContain("NodeVersionSupportWarning");
});

test("the tests are without the warning", () => {
  expect(process.env).toMatchObject(withoutSdkWarning);
});

test("every command that can make a client imports it", () => {
  const commands = readdirSync(join(root, "bin")).filter((file) => file.endsWith(".ts"));
  const others = commands.filter(
    (file) =>
      // A synthesis makes no client.
      !["command-line.ts", "app.ts"].includes(file) &&
      !readFileSync(join(root, "bin", file), "utf8").includes('from "./command-line.ts"'),
  );
  expect(others).toEqual([]);
});
