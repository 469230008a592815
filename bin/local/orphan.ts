/**
 * Who ends npm ends what it started: the shell between the two hands no signal on, so its end, or that of npm
 * itself, is noticed here.
 */
import { readFileSync } from "node:fs";

const lookMilliseconds = 250;

/** Where the system does not tell, nobody. */
const parentOf = (pid: number): string | undefined => {
  try {
    return /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  } catch {
    return undefined;
  }
};

const forebears = (): string => `${process.ppid} ${parentOf(process.ppid)}`;

/** Calls `stop` once npm is gone; does nothing where npm was not there from the beginning. */
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
