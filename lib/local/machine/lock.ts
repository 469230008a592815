/** A data folder is for one running instance: the file `lock` in it holds the id of its process. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { lockFile } from "./data-folder.ts";

/** Those of this process: its own id in a file may be that of a process long gone. */
const held = new Set<string>();

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (fault) {
    // There is such a process, of somebody else.
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

/** Step by step: `recursive` goes on for ever where a file system takes no folders, as that of processes. */
const makeFolder = (folder: string): void => {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found) throw new Error("it is a file");
  makeFolder(dirname(folder));
  mkdirSync(folder);
};

/** Makes the folder if need be; throws when another instance holds it. Answers how to let it go. */
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
      `the data folder ${folder} is in use by process ${holder}: stop it, or choose another with --data`,
    );
  writeFileSync(file, String(process.pid));
  held.add(file);
  return () => {
    held.delete(file);
    rmSync(file, { force: true });
  };
};
