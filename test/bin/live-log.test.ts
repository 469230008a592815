import { expect, test } from "vitest";
import { liveLog } from "../../bin/local/live-log.ts";
import type { Report } from "../../lib/local/service/service.ts";

const shown = (report: Partial<Report>, isTTY = false): string => {
  let text = "";
  const log = liveLog({ isTTY, write: (line) => (text += line) });
  log({ at: 0, source: "Command", level: "info", message: "hello", ...report });
  return text;
};

test.each<readonly [string, Partial<Report>, string]>([
  ["a line of a kind shows it", { fields: { kind: "event" } }, "event    hello"],
  ["a mail is one", { source: "ses" }, "mail     hello"],
  ["a problem is one", { level: "problem" }, "problem  hello"],
  ["anything else is a note", {}, "note     hello"],
  ["a message of many lines is one line", { message: "one\r\ntwo" }, "note     one two"],
  [
    "a failed function is a problem",
    { level: "problem", message: "the function failed: Error: no", fields: { errorType: "Error" } },
    "problem  the function failed: Error: no",
  ],
  [
    "a step whose failure starts the compensation is not a problem",
    {
      level: "problem",
      message: "the function failed: StepFailed: pay failed: Declined",
      fields: { errorType: "StepFailed" },
    },
    "step     compensates: pay failed: Declined",
  ],
  [
    "a task that parks its saga is not a problem",
    {
      level: "problem",
      message: "the function failed: Parked: pay rejected",
      fields: { errorType: "Parked" },
    },
    "step     parks, until an operator resumes it: pay rejected",
  ],
])("%s", (_, report, line) => {
  expect(shown(report)).toBe(`00:00:00.000 ${line}\n`);
});

test("lines that only carry metrics are not shown", () => {
  expect(shown({ fields: { _aws: {} } })).toBe("");
});

test("a terminal gets the kind in color", () => {
  expect(shown({}, true)).toBe("00:00:00.000 \u001b[90mnote    \u001b[0m hello\n");
});
