/** A recorded data folder of the library that versions of the library with other code are started on. */
import { afterEach } from "vitest";
import { endAll, npmStart, type Run } from "../../e2e/npm-start.ts";
import { unpacked } from "../../stored/unpacked.ts";
import { type Change, changedLibrary } from "./changed-library.ts";
import { type Library, libraryAt } from "./client.ts";

const cleanUps: (() => void)[] = [];

afterEach(async () => {
  await endAll();
  for (const done of cleanUps.splice(0)) done();
});

/** The data folder of the recorded version. */
export const recordedFolder = (): string => {
  const { data, done } = unpacked("library");
  cleanUps.push(done);
  return data;
};

/** Starts the library with these changes on the folder. */
export const startVersion = (data: string, changes: readonly Change[], ...args: readonly string[]): Run => {
  const { folder, done } = changedLibrary(changes);
  cleanUps.push(done);
  return npmStart(["--port", "0", "--data", data, "--quiet", ...args], {}, folder);
};

export type Running = Library & {
  /** The lines on stderr. */
  readonly said: () => string;
  readonly stop: () => Promise<void>;
};

export const runVersion = async (
  data: string,
  changes: readonly Change[],
  ...args: readonly string[]
): Promise<Running> => {
  const run = startVersion(data, changes, ...args);
  return {
    ...(await libraryAt(await run.ready)),
    said: () => run.said.stderr,
    stop: async () => {
      run.kill("SIGTERM");
      await run.ended;
    },
  };
};

/** What the library says when it refuses the folder. */
export const refusalOf = async (data: string, changes: readonly Change[]): Promise<string> => {
  const run = startVersion(data, changes);
  const code = await run.ended;
  if (code !== 1) throw new Error(`expected exit code 1, got ${code}: ${run.said.stderr}`);
  return run.said.stderr;
};
