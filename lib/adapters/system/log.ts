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

const textLengthMax = 2000;

/** A log event has a largest size: a line beyond it is broken, and then it is no JSON. */
const cut = (_: string, value: unknown): unknown =>
  typeof value === "string" ? value.slice(0, textLengthMax) : value;

const levelOf = ({ kind }: LogEntry): string => (kind === "problem" ? "ERROR" : "INFO");

/** What cannot be written as JSON is left out, and the line says so. */
const lineOf = (at: string, entry: LogEntry): string => {
  const { kind, message, correlationId } = entry;
  const level = levelOf(entry);
  try {
    return JSON.stringify({ at, level, ...entry }, cut);
  } catch (error) {
    return JSON.stringify({ at, level, kind, message, correlationId, unwritten: `${error}` }, cut);
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
