/** How `.ci/run` counts its checks, with stubs for npm and npx. */
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "ci-run-"));
afterAll(() => rmSync(folder, { recursive: true }));

mkdirSync(join(folder, ".ci"));
copyFileSync(join(import.meta.dirname, "../../.ci/run"), join(folder, ".ci/run"));

/** `cases` are shell patterns for a stub's name and arguments, each with the stub's action. */
const linesOf = (cases: string) => {
  for (const name of ["npm", "npx"])
    writeFileSync(join(folder, name), `#!/bin/sh\ncase "${name} $*" in\n${cases}\nesac\n`, { mode: 0o755 });
  return new Promise<{ readonly code: unknown; readonly lines: readonly string[] }>((resolve) => {
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    execFile("bash", [join(folder, ".ci/run")], { env }, (error, stdout) =>
      resolve({ code: error?.code ?? 0, lines: stdout.trimEnd().split("\n") }),
    );
  });
};

const run = async (cases: string) => {
  const { code, lines } = await linesOf(cases);
  return { code, lastLine: lines.at(-1) };
};

const count = (await run("*) ;;")).lastLine?.match(/^(\d+) passed, 0 failed$/)?.[1];
const all = Number(count);

test("if every check passes, the last line has only the count", async () => {
  expect(all).toBeGreaterThanOrEqual(4);
  expect(await run("*) ;;")).toEqual({ code: 0, lastLine: `${all} passed, 0 failed` });
});

test("a failed check is counted, and the run fails", async () => {
  expect(await run("*rabbitmq*) exit 1;;")).toEqual({
    code: 1,
    lastLine: `${all - 1} passed, 1 failed`,
  });
});

test("a skipped check has neither passed nor failed, and the last line says why", async () => {
  const skip = "*brokers*kafka*) echo 'skipped: kafka (no Java 17)'; exit 77;;";
  expect(await run(skip)).toEqual({
    code: 0,
    lastLine: `${all - 1} passed, 0 failed, 1 skipped: kafka (no Java 17)`,
  });
});

test("the last line lists the skipped part of a check that passed", async () => {
  const part = "*brokers*rabbitmq*) echo 'skipped: outages of rabbitmq (not ours)';;";
  expect((await run(part)).lastLine).toBe(
    `${all} passed, 0 failed, 1 skipped: outages of rabbitmq (not ours)`,
  );
});

test("the seconds of each check are printed, also of a failed one", async () => {
  const { lines } = await linesOf("*rabbitmq*) exit 1;;");
  const times = lines.filter((line) => /^\d+ s {2}/.test(line));
  expect(times).toHaveLength(all);
  expect(times.some((line) => line.endsWith("npm run test:brokers -- rabbitmq"))).toBe(true);
  expect(lines.some((line) => /^== seconds of each check, \d+ s together$/.test(line))).toBe(true);
});
