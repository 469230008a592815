import { expect, test } from "vitest";
import { rfc3339Time } from "../../../lib/model/events/rfc3339.ts";

test.each([
  "2026-01-31T12:00:00Z",
  "2026-01-31T12:00:00.1Z",
  "2026-01-31T12:00:00.123456789+05:30",
  "2024-02-29T23:59:59-00:00",
  "0001-01-01T00:00:00Z",
])("%s does not change", (text) => {
  expect(rfc3339Time(text)).toBe(text);
});

test.each([
  ["a lower-case t and z", "2026-01-31t12:00:00z", "2026-01-31T12:00:00Z"],
  ["a leap second", "2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999Z"],
  ["a leap second with a fraction", "2016-12-31T23:59:60.5Z", "2016-12-31T23:59:59.999Z"],
  ["a leap second of another zone", "1990-12-31T15:59:60-08:00", "1990-12-31T15:59:59.999-08:00"],
])("%s is converted to a form that every parser accepts", (_, text, time) => {
  expect(rfc3339Time(text)).toBe(time);
  expect(Date.parse(time)).not.toBeNaN();
});

test.each([
  ["a word", "yesterday"],
  ["nothing", ""],
  ["a date", "2026-01-31"],
  ["no zone", "2026-01-31T12:00:00"],
  ["no seconds", "2026-01-31T12:00Z"],
  ["a blank for the T", "2026-01-31 12:00:00Z"],
  ["an hour of 24", "2026-01-31T24:00:00Z"],
  ["a day that is not in the month", "2026-02-29T12:00:00Z"],
  ["a 31st of April", "2026-04-31T12:00:00Z"],
  ["a second of 61", "2016-12-31T23:59:61Z"],
  ["a leap second in the middle of a day", "2016-12-31T12:59:60Z"],
  ["a leap second in the middle of a month", "2016-12-30T23:59:60Z"],
  ["a zone without a colon", "2026-01-31T12:00:00+0100"],
  ["a zone of hours only", "2026-01-31T12:00:00+01"],
  ["a zone of 24 hours", "2026-01-31T12:00:00+24:00"],
  ["a fraction without digits", "2026-01-31T12:00:00.Z"],
  ["a comma", "2026-01-31T12:00:00,5Z"],
  ["a line break behind it", "2026-01-31T12:00:00Z\n"],
])("%s is not a time of RFC 3339", (_, text) => {
  expect(rfc3339Time(text)).toBeUndefined();
});
