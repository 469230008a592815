import { expect, test } from "vitest";
import { isKept } from "../../../../lib/local/lambda/environments/log-filter.ts";

const timestamp = "2026-02-03T04:05:06.789Z";

test.each([
  ["an error", { level: "ERROR", timestamp }, "ERROR", true],
  ["a level in lower case", { level: "error", timestamp }, "ERROR", true],
  ["a fatal error", { level: "FATAL", timestamp }, "ERROR", true],
  ["a warning at the level ERROR", { level: "WARN", timestamp }, "ERROR", false],
  ["a line of debugging at the level INFO", { level: "DEBUG", timestamp }, "INFO", false],
  ["a line without a level at the level INFO", { timestamp }, "INFO", true],
  ["a line without a level at the level WARN", { timestamp }, "WARN", false],
  ["a line with an unknown level at the level WARN", { level: "SEVERE", timestamp }, "WARN", false],
  ["an error without a time at the level WARN", { level: "ERROR" }, "WARN", false],
  ["an error with a time that is a number", { level: "ERROR", timestamp: 1770091506789 }, "WARN", false],
  [
    "an error with a time without a zone",
    { level: "ERROR", timestamp: "2026-02-03T04:05:06" },
    "WARN",
    false,
  ],
  ["an error in month 13", { level: "ERROR", timestamp: "2026-13-03T04:05:06Z" }, "WARN", false],
  ["a line that is not JSON", undefined, "ERROR", true],
  ["a line of a function with the text format", {}, undefined, true],
] as const)("%s: %o at %s is kept: %s", (_, fields, least, kept) => {
  expect(isKept(fields, least)).toBe(kept);
});
