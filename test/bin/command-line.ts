/** Runs a program of `bin` as npm does, and returns its output and exit code. */
import { execFile } from "node:child_process";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");

export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** The environment of a user's shell, without variables of the test runner. */
export const shellEnvironment = (): NodeJS.ProcessEnv => {
  const { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: _, ...environment } = process.env;
  return environment;
};

const tsx = import.meta.resolve("tsx");

/** Runs it in another folder. */
export const runIn = (folder: string, file: string, words: readonly string[]): Promise<Ended> =>
  new Promise((done) => {
    const command = execFile(
      process.execPath,
      ["--import", tsx, join(root, file), ...words],
      { cwd: folder, env: shellEnvironment() },
      (_, stdout, stderr) => done({ code: command.exitCode ?? -1, stdout, stderr }),
    );
  });

export const run = (file: string, words: readonly string[]): Promise<Ended> => runIn(root, file, words);
