/** Runs `npm start` on a free port with a temporary folder, in an environment like a new user's shell. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { root } from "./command-line.ts";

const patienceMilliseconds = 60_000;

export const waitFor = async <Value>(what: string, probe: () => Value | undefined): Promise<Value> => {
  const deadline = performance.now() + patienceMilliseconds;
  for (;;) {
    const value = probe();
    if (value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await setTimeout(50);
  }
};

const hasCurl = (): boolean => {
  try {
    execFileSync("curl", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

/** The PATH of a shell that knows curl. */
const pathIn = (folder: string): string => {
  const path = process.env.PATH ?? "";
  if (hasCurl()) return path;
  const script = `#!/bin/sh\nexec "${process.execPath}" "${join(import.meta.dirname, "plain-curl.mjs")}" "$@"\n`;
  writeFileSync(join(folder, "curl"), script, { mode: 0o755 });
  return `${folder}${delimiter}${path}`;
};

export type Ended = { readonly code: number | null; readonly output: string };

const output = (child: ChildProcess) => {
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text) => chunks.push(text));
  return () => chunks.join("");
};

export const started = async () => {
  const folder = mkdtempSync(join(tmpdir(), "readme-"));
  const data = join(folder, "data");
  const npm = spawn("npm", ["start", "--", "--port", "0", "--data", data], { cwd: root });
  const printed = output(npm);
  const isUp = () => existsSync(join(data, "lock"));
  const stop = async () => {
    npm.kill("SIGKILL");
    await waitFor("npm start to end", () => (isUp() ? undefined : true));
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    const url = await waitFor("npm start to be ready", () => {
      if (npm.exitCode !== null) throw new Error(`npm start has ended:\n${printed()}`);
      return /^ready (.+)$[\s\S]*Ctrl-C/m.exec(printed())?.[1];
    });
    return {
      folder,
      url,
      printed,
      isUp,
      /** Runs a line in a shell. */
      sh: (line: string) =>
        new Promise<Ended>((done) => {
          const env = { ...process.env, PATH: pathIn(folder) };
          const shell = spawn("sh", ["-c", line], { cwd: root, env });
          const said = output(shell);
          shell.on("close", (code) => done({ code, output: said() }));
        }),
      stop,
    };
  } catch (fault) {
    await stop();
    throw fault;
  }
};

export type Started = Awaited<ReturnType<typeof started>>;
