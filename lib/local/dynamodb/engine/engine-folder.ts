/** The folder that the embedded engine keeps its tables in. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type EngineFolder = {
  readonly path: string;
  /** Removes the folder if it is a temporary one. */
  readonly release: () => void;
};

/** Uses a file system in memory if this machine has one, because temporary tables need no disk. */
const temporaryFolder = (): string =>
  mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "local-dynamodb-"));

/** The folder `data`. Without `data`, a temporary folder that is also removed when this process exits. */
export const engineFolder = (data: string | undefined): EngineFolder => {
  if (data !== undefined) {
    mkdirSync(data, { recursive: true });
    return { path: data, release: () => {} };
  }
  const path = temporaryFolder();
  const remove = () => rmSync(path, { recursive: true, force: true });
  process.once("exit", remove);
  return {
    path,
    release: () => {
      process.removeListener("exit", remove);
      remove();
    },
  };
};
