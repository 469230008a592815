/**
 * Stops this process when npm ends. The shell between them does not forward signals, so this process checks whether its
 * parent, or npm, is still its ancestor.
 */
import { readFileSync } from "node:fs";

const lookMilliseconds = 250;

/** Undefined if the system has no /proc. */
const parentOf = (pid: number): string | undefined => {
  try {
    return /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  } catch {
    return undefined;
  }
};

const forebears = (): string => `${process.ppid} ${parentOf(process.ppid)}`;

/** Calls `stop` when npm has ended. Does nothing if npm did not start this process. */
export const onceOrphaned = (stop: () => void): void => {
  if (process.env.npm_lifecycle_event !== "start") return;
  const before = forebears();
  const timer = setInterval(() => {
    if (forebears() === before) return;
    clearInterval(timer);
    stop();
  }, lookMilliseconds);
  timer.unref();
};
