/**
 * The folder of what the local cloud keeps. It is emptied only if it is ours: it holds nothing but files with the names
 * that the local cloud gives. Their contents do not count, because a corrupt file is a reason to empty the folder. No
 * marker file is needed, so the folder of an earlier version is recognised as well.
 */
import { lstatSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

export const journalFile = "journal.jsonl";
export const tablesFile = "dynamodb.sqlite";
/** DynamoDB Local chooses this name itself. */
export const dynamoDbLocalFile = "shared-local-instance.db";
export const lockFile = "lock";

/** To keep another file, add its name. */
const files: ReadonlySet<string> = new Set([
  journalFile,
  `${journalFile}.new`,
  ...[tablesFile, dynamoDbLocalFile].flatMap((file) => [
    file,
    ...["wal", "shm", "journal"].map((kind) => `${file}-${kind}`),
  ]),
]);

/** Many programs call a file so. Ours holds the id of a process. */
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

/** Throws, and names what is in the way, unless the folder is new, empty or ours. */
export const refuseForeign = (folder: string): void => {
  const foreign = entriesOf(folder).find((entry) => !isOurs(folder, entry));
  if (foreign !== undefined)
    throw new Error(
      `--fresh does not empty ${folder}: it holds ${foreign}, which is not a file of the local cloud. Choose a new or empty folder with --data, or remove that one yourself`,
    );
};

/** Whether there is a file to lose. The lock of an instance that has ended is none. */
export const storesData = (folder: string): boolean => entriesOf(folder).some((entry) => entry !== lockFile);

/** Removes all of our files except the lock, which the caller holds. */
export const emptyFolder = (folder: string): void => {
  refuseForeign(folder);
  for (const entry of entriesOf(folder)) if (entry !== lockFile) rmSync(join(folder, entry));
};
