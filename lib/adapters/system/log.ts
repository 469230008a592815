/**
 * The log as lines of JSON, which CloudWatch Logs Insights searches by field. Metrics are lines as well, in
 * CloudWatch's embedded metric format: counting needs no call and no right.
 */
import type { Clock } from "../../ports/clock.ts";
import type { Log, LogEntry } from "../../ports/log.ts";

export type JsonLogOptions = {
  readonly clock: Clock;
  readonly namespace: () => string;
  readonly writeLine: (line: string) => void;
};

const messageLengthMax = 2000;

const levelOf = ({ kind }: LogEntry): string => (kind === "problem" ? "ERROR" : "INFO");

/** What cannot be written as JSON is left out, and the line says so. */
const lineOf = (at: string, entry: LogEntry): string => {
  const { kind, correlationId } = entry;
  const message = entry.message.slice(0, messageLengthMax);
  const level = levelOf(entry);
  try {
    return JSON.stringify({ at, level, ...entry, message });
  } catch (error) {
    return JSON.stringify({ at, level, kind, message, correlationId, unwritten: `${error}` });
  }
};

export const jsonLog = ({ clock, namespace, writeLine }: JsonLogOptions): Log => ({
  write: (entry) => writeLine(lineOf(clock().toISOString(), entry)),
  count: (metric) =>
    writeLine(
      JSON.stringify({
        _aws: {
          Timestamp: clock().getTime(),
          CloudWatchMetrics: [
            { Namespace: namespace(), Dimensions: [[]], Metrics: [{ Name: metric, Unit: "Count" }] },
          ],
        },
        [metric]: 1,
      }),
    ),
});
