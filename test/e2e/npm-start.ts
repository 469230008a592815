/** `npm start` as a process of its own, to be killed and to fail. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { shellEnvironment } from "../bin/command-line.ts";

const root = join(import.meta.dirname, "..", "..");

export type Run = {
  readonly pid: number;
  /** Where the API answers; rejects, with what was said, if it ends before. */
  readonly ready: Promise<string>;
  /** How it ended: a code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly said: { stdout: string; stderr: string };
};

const running = new Set<Run>();

/** `folder` is that of the application; this repository's by default. */
export const npmStart = (
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  folder: string = root,
): Run => {
  const child = spawn(process.execPath, ["--import", "tsx", join(root, "bin/local.ts"), ...args], {
    cwd: folder,
    env: { ...shellEnvironment(), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  const ended = new Promise<number | string>((resolve) =>
    child.once("close", (code, signal) => resolve(code ?? `${signal}`)),
  );
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said.stdout += text;
      const [, url] = /^ready (\S+)$/m.exec(said.stdout) ?? [];
      if (url !== undefined) resolve(url);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said.stderr += text;
    });
    void ended.then((how) => reject(new Error(`ended with ${how}: ${said.stderr}`)));
  });
  // Whoever does not ask whether it got ready does not want to know.
  ready.catch(() => {});
  const run = {
    pid: child.pid ?? 0,
    ready,
    ended,
    said,
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
  };
  running.add(run);
  void ended.then(() => running.delete(run));
  return run;
};

/** Leaves nothing running. */
export const endAll = async (): Promise<void> => {
  for (const { kill } of running) kill("SIGTERM");
  await Promise.all([...running].map(({ ended }) => ended));
};

const commandOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
};

/** The commands of all processes that are about this folder. */
export const processesOn = (folder: string): readonly string[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(commandOf)
    .filter((command) => command.includes(folder));
