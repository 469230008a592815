/**
 * The log as lines of JSON, which CloudWatch Logs Insights searches by field. Common fields have the names of
 * Powertools for AWS Lambda: level, message, timestamp, service, function_request_id, cold_start, xray_trace_id,
 * correlation_id. Lambda's JSON log format filters by `level` and reads the time from `timestamp`.
 *
 * Metrics are lines as well, in CloudWatch's embedded metric format, so counting needs no call and no permission.
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

type JsonLogOptions = {
  readonly clock: Clock;
  readonly namespace: () => string;
  readonly origin: () => Origin;
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

const levelOf = ({ kind }: LogEntry): string => (kind === "problem" ? "ERROR" : "INFO");

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

/** A log that writes one line of JSON per entry. */
export const jsonLog = ({ clock, namespace, origin, writeLine }: JsonLogOptions): Log => ({
  write: (entry) => writeLine(lineOf(clock().toISOString(), origin(), entry)),
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
