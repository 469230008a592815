/** A recorded data folder, ready to be started: its clock goes on from the time at which it was recorded. */
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Those of the shop: those of 2026-11 have idempotency keys and an inbox, which the first ones lack. */
export type Recording = `${"0.1.0" | "2026-11"}-${"auto" | "choreography"}`;

/** How far the clock was ahead of the machine's when the folder was recorded. */
const recordedAhead = (journal: string): number => {
  const lines = readFileSync(journal, "utf8").split("\n");
  const last = lines.findLast((line) => line.startsWith('["clock","ahead",'));
  return last === undefined ? 0 : Number(JSON.parse(last)[2]);
};

/**
 * The last change of the journal is the time of the recording. The local cloud keeps in the journal how far its clock
 * is ahead of the machine's. So no deadline of the recording has passed, however old the recording is.
 */
const continueAtRecordedTime = (journal: string): void => {
  const ahead = recordedAhead(journal) + statSync(journal).mtimeMs - Date.now();
  appendFileSync(journal, `${JSON.stringify(["clock", "ahead", ahead])}\n`);
};

/** `done` deletes the folder. */
export const unpacked = (
  recording: Recording | "library",
): { readonly data: string; readonly done: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), "stored-"));
  execFileSync("tar", ["-xzf", join(import.meta.dirname, `${recording}.tar.gz`), "-C", folder]);
  const data = join(folder, "data");
  continueAtRecordedTime(join(data, "journal.jsonl"));
  return { data, done: () => rmSync(folder, { recursive: true, force: true }) };
};
