/**
 * The log as lines of JSON, which CloudWatch Logs Insights searches by field. Common fields have the names of
 * Powertools for AWS Lambda: level, message, timestamp, service, function_request_id, cold_start, xray_trace_id,
 * correlation_id.
 *
 * Lambda filters these lines by their field `level`. A line without a valid `level`, or without a `timestamp` in the form
 * of RFC 3339, has the level INFO for Lambda and is dropped at WARN and ERROR:
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 *
 * Metrics are lines as well, in CloudWatch's embedded metric format, so counting needs no call and no permission. Their
 * level is FATAL, because no filter drops it. It says nothing about the metric.
 */
import type { Clock } from "../../ports/clock.ts";
import type { Log, LogEntry } from "../../ports/log.ts";

/** The fields about the function in each line. An undefined value is left out. */
export type Origin = {
  readonly service: string;
  readonly function_request_id: string | undefined;
  readonly cold_start: boolean;
  readonly xray_trace_id: string | undefined;
};

/** The levels of Lambda, from the most lines to the fewest. */
const levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] as const;

type Level = (typeof levels)[number];

/** Without the JSON format, Lambda sets no level, and every line is written. */
export const levelNamed = (name: string | undefined): Level =>
  levels.find((level) => level === name?.toUpperCase()) ?? "TRACE";

const isBelow = (level: Level, least: Level): boolean => levels.indexOf(level) < levels.indexOf(least);

type JsonLogOptions = {
  readonly clock: Clock;
  readonly namespace: () => string;
  readonly origin: () => Origin;
  /** Entries below this level are not written. */
  readonly level: () => Level;
  readonly writeLine: (line: string) => void;
};

const textLengthMax = 2000;

/** The same fields of an error that Powertools logs. JSON.stringify alone would write `{}`. */
const readable = (value: unknown): unknown =>
  value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value;

/** A log event has a maximum size. Lambda splits a longer line, and the parts are not JSON. */
const cut = (_: string, value: unknown): unknown => {
  const shown = readable(value);
  return typeof shown === "string" ? shown.slice(0, textLengthMax) : shown;
};

const levelOf = ({ kind }: LogEntry): Level => (kind === "problem" ? "ERROR" : "INFO");

/** If JSON cannot encode a field, the extra fields are left out, and `unwritten` gives the reason. */
const lineOf = (timestamp: string, origin: Origin, entry: LogEntry): string => {
  const { message, correlationId, ...fields } = entry;
  const head = { level: levelOf(entry), message, timestamp, ...origin, correlation_id: correlationId };
  try {
    return JSON.stringify({ ...head, ...fields }, cut);
  } catch (error) {
    return JSON.stringify({ ...head, kind: entry.kind, unwritten: `${error}` }, cut);
  }
};

/** A log that writes one line of JSON per entry. Lambda would drop a line below its level, so it is not made. */
export const jsonLog = ({ clock, namespace, origin, level, writeLine }: JsonLogOptions): Log => ({
  write: (entry) => {
    if (isBelow(levelOf(entry), level())) return;
    writeLine(lineOf(clock().toISOString(), origin(), entry));
  },
  count: (metric) => {
    const time = clock();
    const Metrics = [{ Name: metric, Unit: "Count" }];
    const CloudWatchMetrics = [{ Namespace: namespace(), Dimensions: [[]], Metrics }];
    writeLine(
      JSON.stringify({
        level: "FATAL" satisfies Level,
        timestamp: time.toISOString(),
        _aws: { Timestamp: time.getTime(), CloudWatchMetrics },
        [metric]: 1,
      }),
    );
  },
});
