/** `npm start` as a separate process that a test can kill or let fail. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { shellEnvironment } from "../bin/command-line.ts";

const root = join(import.meta.dirname, "..", "..");

export type Run = {
  readonly pid: number;
  /** The URL of the API. Rejects with the output if the process ends first. */
  readonly ready: Promise<string>;
  /** How the process ended: an exit code or a signal. */
  readonly ended: Promise<number | string>;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly said: { stdout: string; stderr: string };
};

const running = new Set<Run>();

/** `folder` is the folder of the application; this repository by default. */
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
  // A test that does not await `ready` does not need this rejection.
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

/** Leaves no process running. */
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

/** The commands of all processes that use this folder. */
export const processesOn = (folder: string): readonly string[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(commandOf)
    .filter((command) => command.includes(folder));
