/** Only one running instance may use a data folder. The file `lock` contains the id of its process. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { lockFile } from "./data-folder.ts";

/** The locks of this process. An earlier process may have had the same id, so the id in a lock file is not enough. */
const held = new Set<string>();

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (fault) {
    // The process exists and belongs to another user.
    return fault instanceof Error && "code" in fault && fault.code === "EPERM";
  }
};

const holderOf = (file: string): number | undefined => {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return Number.isInteger(pid) && pid > 0 && isRunning(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Makes one folder after another. With `recursive`, Node does not return if the file system does not allow folders,
 * such as /proc.
 */
const makeFolder = (folder: string): void => {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found) throw new Error("it is a file");
  makeFolder(dirname(folder));
  mkdirSync(folder);
};

/**
 * Makes the folder if it is missing. Throws if another instance holds it. Returns a function that releases the lock.
 */
export const lock = (folder: string): (() => void) => {
  try {
    makeFolder(resolve(folder));
  } catch (fault) {
    throw new Error(
      `cannot make the data folder ${folder}: ${fault instanceof Error ? fault.message : fault}`,
    );
  }
  const file = resolve(join(folder, lockFile));
  const holder = held.has(file) ? process.pid : holderOf(file);
  if (holder !== undefined)
    throw new Error(
      `the data folder ${folder} is in use by process ${holder}: stop that process, or choose another folder with --data`,
    );
  writeFileSync(file, String(process.pid));
  held.add(file);
  return () => {
    held.delete(file);
    rmSync(file, { force: true });
  };
};
