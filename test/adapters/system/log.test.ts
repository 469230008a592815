import { describe, expect, test } from "vitest";
import { currentInvocation, invocation } from "../../../lib/adapters/system/invocation.ts";
import { jsonLog, levelNamed } from "../../../lib/adapters/system/log.ts";
import { isKept, levels } from "../../../lib/local/lambda/environments/log-filter.ts";
import type { LogEntry } from "../../../lib/ports/log.ts";

const now = new Date("2026-02-03T04:05:06.789Z");

const origin = {
  service: "shop",
  function_request_id: "r-1",
  cold_start: false,
  xray_trace_id: "1-5759e988-bd862e3fe1be46a994272793",
};
const head = { timestamp: now.toISOString(), ...origin };

const logging = (level?: string) => {
  const lines: string[] = [];
  const log = jsonLog({
    clock: () => now,
    namespace: () => "eventfold/shop",
    origin: () => origin,
    level: () => levelNamed(level),
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

test("an entry is one line with its own fields and, under the names of Powertools, the fields of the function", () => {
  const entry = { kind: "command", message: "PlaceOrder", version: 4 } as const;
  expect(written({ ...entry, correlationId: "1" })).toEqual({
    ...head,
    level: "INFO",
    correlation_id: "1",
    ...entry,
  });
});

test("unknown fields of the function are left out", () => {
  const lines: string[] = [];
  jsonLog({
    clock: () => now,
    namespace: () => "eventfold/shop",
    origin: () => ({
      service: "shop",
      function_request_id: undefined,
      cold_start: true,
      xray_trace_id: undefined,
    }),
    level: () => "INFO",
    writeLine: (line) => lines.push(line),
  }).write({ kind: "saga", message: "started" });
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      level: "INFO",
      message: "started",
      timestamp: now.toISOString(),
      service: "shop",
      cold_start: true,
      kind: "saga",
    },
  ]);
});

test("an error is logged with its name, its message and its stack", () => {
  const error = new TypeError("it broke");
  const line = written({ kind: "problem", message: "the batch failed", error });
  expect(line.error).toEqual({ name: "TypeError", message: "it broke", stack: error.stack });
});

test("the log names the current invocation; only the first one of an environment is cold", async () => {
  expect(currentInvocation()).toEqual({ requestId: undefined, isCold: true });
  const handler = invocation(async (event: string) => [event, currentInvocation()]);
  expect(await handler("a", { awsRequestId: "r-1" })).toEqual(["a", { requestId: "r-1", isCold: true }]);
  expect(await handler("b", { awsRequestId: "r-2" })).toEqual(["b", { requestId: "r-2", isCold: false }]);
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

test("a value that JSON cannot encode does not throw: the rest is written", () => {
  expect(written({ kind: "problem", message: "it happened", correlationId: "1", size: 1n })).toEqual({
    ...head,
    level: "ERROR",
    kind: "problem",
    message: "it happened",
    correlation_id: "1",
    unwritten: expect.stringContaining("BigInt"),
  });
});

describe.each(["debug", "INFO", "WARN", "error"])("at the level %s of Lambda", (level) => {
  test("what is written passes Lambda's filter: nothing is made to be dropped", () => {
    const { log, read } = logging(level);
    for (const kind of ["request", "command", "event", "step", "effect", "saga", "problem"] as const)
      log.write({ kind, message: kind });
    const kinds = read().map(({ kind }) => kind);
    expect(kinds.includes("request")).toBe(/debug|info/i.test(level));
    expect(kinds).toContain("problem");
    expect(read().every((line) => isKept(line, levelNamed(level)))).toBe(true);
  });
});

test("without the JSON format, Lambda names no level, and everything is written", () => {
  const { log, lines } = logging();
  log.write({ kind: "request", message: "it came" });
  expect(lines).toHaveLength(1);
});

test.each(levels)("a metric is written, and passes Lambda's filter, at the level %s", (level) => {
  const { log, read } = logging(level);
  log.count("SagaParked");
  expect(read()).toHaveLength(1);
  expect(isKept(read()[0], level)).toBe(true);
});

test("a metric is a line in the embedded metric format, without dimensions, with its time and a level", () => {
  const { log, read } = logging();
  log.count("SagaParked");
  expect(read()).toEqual([
    {
      level: "FATAL",
      timestamp: now.toISOString(),
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
