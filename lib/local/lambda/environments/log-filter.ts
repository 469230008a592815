/**
 * Which lines of a function with the JSON log format Lambda keeps: those whose `level` is at least the level of the
 * function. A line without a valid level, or without a `timestamp` in the form of RFC 3339, counts as INFO. Lines that are
 * not JSON have no level and are kept.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */

/** From the most lines to the fewest. */
export const levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] as const;

export type Level = (typeof levels)[number];

type Fields = Readonly<Record<string, unknown>>;

const timePattern = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

const isTime = (value: unknown): boolean =>
  typeof value === "string" && timePattern.test(value) && !Number.isNaN(Date.parse(value));

const levelOf = ({ level, timestamp }: Fields): Level =>
  (isTime(timestamp) && levels.find((each) => each === String(level).toUpperCase())) || "INFO";

/** `fields` is undefined if the line is not a JSON object. */
export const isKept = (fields: Fields | undefined, least: Level | undefined): boolean =>
  fields === undefined || least === undefined || levels.indexOf(levelOf(fields)) >= levels.indexOf(least);
