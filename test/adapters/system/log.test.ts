import { describe, expect, test } from "vitest";
import { jsonLog } from "../../../lib/adapters/system/log.ts";
import type { LogEntry } from "../../../lib/ports/log.ts";

const now = new Date("2026-02-03T04:05:06.789Z");

const logging = () => {
  const lines: string[] = [];
  const log = jsonLog({
    clock: () => now,
    namespace: () => "eventfold/shop",
    writeLine: (line) => lines.push(line),
  });
  return { log, lines, read: () => lines.map((line) => JSON.parse(line)) };
};

const written = (entry: LogEntry) => {
  const { log, lines, read } = logging();
  log.write(entry);
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain("\n");
  return read()[0];
};

test("an entry is one line with the time and all that it says", () => {
  const entry = { kind: "command", message: "PlaceOrder", correlationId: "1", version: 4 } as const;
  expect(written(entry)).toEqual({ at: now.toISOString(), level: "INFO", ...entry });
});

describe("the level of", () => {
  const cases = [
    ["request", "INFO"],
    ["command", "INFO"],
    ["event", "INFO"],
    ["step", "INFO"],
    ["effect", "INFO"],
    ["saga", "INFO"],
    ["problem", "ERROR"],
  ] as const;
  test.each(cases)("%s is %s", (kind, level) => {
    expect(written({ kind, message: "it happened" })).toMatchObject({ level });
  });
});

test("every text is cut at 2,000 characters, and the line is still JSON", () => {
  const long = "x".repeat(2001);
  const short = "x".repeat(2000);
  expect(
    written({ kind: "problem", message: long, body: long, found: [{ by: long, count: 1 }] }),
  ).toMatchObject({
    message: short,
    body: short,
    found: [{ by: short, count: 1 }],
  });
});

test("line breaks do not break the line", () => {
  expect(written({ kind: "problem", message: "one\ntwo" }).message).toBe("one\ntwo");
});

test("what cannot be written as JSON does not throw: the rest is written", () => {
  expect(written({ kind: "problem", message: "it happened", correlationId: "1", size: 1n })).toEqual({
    at: now.toISOString(),
    level: "ERROR",
    kind: "problem",
    message: "it happened",
    correlationId: "1",
    unwritten: expect.stringContaining("BigInt"),
  });
});

test("a metric is a line in the embedded metric format, without dimensions", () => {
  const { log, read } = logging();
  log.count("SagaParked");
  expect(read()).toEqual([
    {
      _aws: {
        Timestamp: now.getTime(),
        CloudWatchMetrics: [
          {
            Namespace: "eventfold/shop",
            Dimensions: [[]],
            Metrics: [{ Name: "SagaParked", Unit: "Count" }],
          },
        ],
      },
      SagaParked: 1,
    },
  ]);
});
