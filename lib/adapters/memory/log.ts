/** The reference of the log: keeps what it was told. */
import type { Log, LogEntry, Metric } from "../../ports/log.ts";

export const memoryLog = (): Log & {
  readonly entries: () => readonly LogEntry[];
  /** Each metric as often as it was counted. */
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
