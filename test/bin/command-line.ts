/** Runs a program of `bin` as npm does, and tells how it ended. */
import { execFile } from "node:child_process";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");

export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

export const run = (file: string, words: readonly string[]): Promise<Ended> =>
  new Promise((done) => {
    const command = execFile(
      process.execPath,
      ["--import", "tsx", file, ...words],
      { cwd: root },
      (_, stdout, stderr) => done({ code: command.exitCode ?? -1, stdout, stderr }),
    );
  });
