/** A command ends if its reader has ended, and leaves no process running. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { processesOn } from "../e2e/npm-start.ts";
import { root } from "./command-line.ts";

const started = (words: readonly string[]) => {
  const child = spawn(process.execPath, ["--import", "tsx", "bin/eventfold.ts", ...words], { cwd: root });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { child, ended };
};

test("start stops when its log has no reader any more", async () => {
  const data = mkdtempSync(join(tmpdir(), "closed-pipe-"));
  const { child, ended } = started(["start", "--port", "0", "--data", data]);
  try {
    const url = await new Promise<string>((resolve) => {
      let text = "";
      child.stdout.setEncoding("utf8").on("data", (more: string) => {
        text += more;
        const [, found] = /^ready (\S+)\n/m.exec(text) ?? [];
        if (found) resolve(found);
      });
    });
    child.stdout.destroy();
    child.stderr.destroy();
    // Each request is a line of the log. The API may be gone already when the next one is sent.
    await fetch(`${url}/health`).catch(() => {});
    expect(await ended).toBe(0);
    await vi.waitUntil(() => processesOn(data).length === 0);
  } finally {
    child.kill("SIGKILL");
    rmSync(data, { recursive: true, force: true });
  }
});

test("a command ends without an error if its reader stops reading", async () => {
  const { child, ended } = started(["document", "--json", "--check"]);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdout.destroy();
  expect(await ended).toBe(0);
  expect(stderr).toBe("");
});
