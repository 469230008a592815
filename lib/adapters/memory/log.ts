/** The reference implementation of the log: it keeps every entry in memory. */
import type { Log, LogEntry, Metric } from "../../ports/log.ts";

/** A log in memory. */
export const memoryLog = (): Log & {
  readonly entries: () => readonly LogEntry[];
  /** The counted metrics, with one item per count. */
  readonly counted: () => readonly Metric[];
} => {
  const entries: LogEntry[] = [];
  const counted: Metric[] = [];

  return {
    entries: () => [...entries],
    counted: () => [...counted],
    write: (entry) => void entries.push(entry),
    count: (metric) => void counted.push(metric),
  };
};
