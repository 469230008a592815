/**
 * The data folder. It is emptied only if it is ours, which means that it contains only files with the names that the
 * local cloud uses. The contents of the files do not matter, because a corrupt file is a reason to empty the folder.
 * There is no marker file, so the folder of an earlier version is recognized as well.
 */
import { lstatSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

export const journalFile = "journal.jsonl";
export const tablesFile = "dynamodb.sqlite";
/** DynamoDB Local chooses this name. */
export const dynamoDbLocalFile = "shared-local-instance.db";
export const lockFile = "lock";

/** To store another file, add its name. */
const files: ReadonlySet<string> = new Set([
  journalFile,
  `${journalFile}.new`,
  ...[tablesFile, dynamoDbLocalFile].flatMap((file) => [
    file,
    ...["wal", "shm", "journal"].map((kind) => `${file}-${kind}`),
  ]),
]);

/** Many programs use this file name. Our lock contains only the id of a process. */
const isOurLock = (file: string): boolean => /^\d*$/.test(readFileSync(file, "latin1"));

const isOurs = (folder: string, entry: string): boolean => {
  const file = join(folder, entry);
  if (!lstatSync(file).isFile()) return false;
  return entry === lockFile ? isOurLock(file) : files.has(entry);
};

const entriesOf = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch (fault) {
    if (fault instanceof Error && "code" in fault && fault.code === "ENOENT") return [];
    throw new Error(
      `the data folder ${folder} cannot be read: ${fault instanceof Error ? fault.message : fault}`,
    );
  }
};

/** Throws an error that names a foreign file, unless the folder is new, empty or ours. */
export const refuseForeign = (folder: string): void => {
  const foreign = entriesOf(folder).find((entry) => !isOurs(folder, entry));
  if (foreign !== undefined)
    throw new Error(
      `--fresh does not empty ${folder}: ${foreign} in it is not a file of the local cloud. Choose a new or empty folder with --data, or remove that file`,
    );
};

/** Whether there are stored data. The lock of an instance that has ended does not count. */
export const storesData = (folder: string): boolean => entriesOf(folder).some((entry) => entry !== lockFile);

/** Removes all of our files except the lock, which the caller holds. */
export const emptyFolder = (folder: string): void => {
  refuseForeign(folder);
  for (const entry of entriesOf(folder)) if (entry !== lockFile) rmSync(join(folder, entry));
};
