import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const nowhere = mkdtempSync(join(tmpdir(), "no-programs-"));
afterAll(() => rmSync(nowhere, { recursive: true }));

const root = join(import.meta.dirname, "../..");

/** On a machine without Java, Maven or apt-get. */
const testBrokers = (...words: readonly string[]) =>
  new Promise<{ readonly code: unknown; readonly lastLine: string | undefined }>((resolve) => {
    const env = { ...process.env, PATH: nowhere, KAFKA_BROKERS: "" };
    const args = ["--import", "tsx", "bin/brokers/test-brokers.ts", ...words];
    execFile(process.execPath, args, { cwd: root, env }, (error, stdout) =>
      resolve({ code: error?.code ?? 0, lastLine: stdout.trimEnd().split("\n").at(-1) }),
    );
  });

test("a broker that is not available is skipped with the reason, and a run without tests is not a success", async () => {
  expect(await testBrokers("kafka")).toEqual({
    code: 77,
    lastLine: expect.stringMatching(/^skipped: kafka \(no Java 17: .+\)$/),
  });
});

test("an unknown broker is refused", async () => {
  expect((await testBrokers("carrier-pigeon")).code).toBe(1);
});
