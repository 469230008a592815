/** Functions in worker threads: what they get, what they return, and how they end. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalCloud, localCloud } from "../../../lib/local/local-cloud.ts";
import { withoutSdkWarning } from "../../../lib/local/service/sdk-warning.ts";
import { lambda, logs, reports, role, writeAssembly } from "../app.ts";

const code = {
  probe: `
    let count = 0;
    const ways = {
      echo: (event) => event,
      nothing: () => undefined,
      count: () => ++count,
      now: () => ({ now: Date.now(), made: new Date().getTime(), text: Date(), given: new Date(5).getTime(), isDate: new Date() instanceof Date }),
      environment: () => process.env,
      context: (_, context) => ({ ...context, remaining: context.getRemainingTimeInMillis() }),
      fail: () => { throw new TypeError("no such thing"); },
      failWithText: () => { throw "just text"; },
      hang: () => new Promise((resolve) => setTimeout(resolve, 60_000)),
      spin: () => { for (;;); },
      exit: () => process.exit(3),
      reject: () => { void Promise.reject(new Error("nobody caught me")); return new Promise(() => {}); },
      throwLater: () => { setTimeout(() => { throw new Error("later"); }); return new Promise(() => {}); },
      large: () => "x".repeat(6 * 1024 * 1024),
      circular: () => { const it = {}; it.it = it; return it; },
      write: () => {
        console.log(JSON.stringify({ message: "structured", level: "info", correlationId: "c-7" }));
        console.log("plain\\ntwo lines");
        console.error("to stderr");
        return "done";
      },
      speak: () => {
        console.debug("quiet");
        console.log("normal", 1);
        console.warn("a warning");
        console.error(new TypeError("one"));
        console.error("it failed", new TypeError("two"));
        process.stdout.write(JSON.stringify({ message: "untimed", level: "ERROR" }) + "\\n");
        process.stdout.write(JSON.stringify({ message: "ours", level: "ERROR", timestamp: new Date() }) + "\\n");
        process.stdout.write(JSON.stringify({ level: "FATAL", timestamp: new Date(), _aws: {}, Parked: 1 }) + "\\n");
        process.stdout.write("plain\\n");
        const { AWS_LAMBDA_LOG_FORMAT: format, AWS_LAMBDA_LOG_LEVEL: level } = process.env;
        return { format, level };
      },
      sleep: async (event) => { await new Promise((resolve) => setTimeout(resolve, 20)); return event.id; },
    };
    export const handler = async (event, context) => ways[event.way](event, context);`,
  common: `export { handler } from "./other.cjs";`,
  broken: `throw new Error("cannot load");`,
  elsewhere: "export const other = 1;",
};

const found = reports();
let cloud: LocalCloud;

const invoke = (id: string, payload: unknown) => {
  const arn = cloud.resources.find((resource) => resource.id === id)?.arn ?? id;
  return cloud.invoke({ kind: "owner" }, arn, JSON.stringify(payload));
};

const probe = async (way: string, more: object = {}) => {
  const { payload, functionError } = await invoke("Probe", { way, ...more });
  return functionError === undefined ? payload : { functionError, ...Object(payload) };
};

beforeAll(async () => {
  const assembly = writeAssembly({
    code,
    Resources: {
      Role: role("lambda.amazonaws.com", logs),
      Mute: role("lambda.amazonaws.com"),
      Probe: lambda("probe", "Role", {
        FunctionName: "probe",
        Timeout: 1,
        MemorySize: 256,
        Environment: { Variables: { GREETING: "hello" } },
      }),
      Single: lambda("probe", "Role", { Timeout: 5, ReservedConcurrentExecutions: 1 }),
      Loud: lambda("probe", "Role", { LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "DEBUG" } }),
      Usual: lambda("probe", "Role", { LoggingConfig: { LogFormat: "JSON" } }),
      Terse: lambda("probe", "Role", {
        LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "ERROR", SystemLogLevel: "WARN" },
      }),
      Silent: lambda("probe", "Mute", { FunctionName: "silent" }),
      Broken: lambda("broken", "Role"),
      Elsewhere: lambda("elsewhere", "Role"),
      Missing: lambda("elsewhere", "Role", { Handler: "missing.handler" }),
    },
  });
  cloud = await localCloud({ assembly, port: 0, report: found.report });
});

afterAll(() => cloud?.stop());

describe("an answer", () => {
  test("is the event after a round trip through JSON", async () => {
    const event = { list: [1, null, "é\u2028"], nested: { __proto__x: true } };
    expect(await probe("echo", event)).toEqual({ way: "echo", ...event });
    expect(await probe("nothing")).toBeNull();
  });

  test("of more than 6 MB is an error", async () => {
    expect(await probe("large")).toMatchObject({ errorType: "Function.ResponseSizeTooLarge" });
  });
});

describe("a failure", () => {
  test.each([
    ["fail", { errorType: "TypeError", errorMessage: "no such thing" }],
    ["failWithText", { errorType: "string", errorMessage: "just text" }],
    ["circular", { errorType: "TypeError" }],
    [
      "hang",
      {
        errorType: "Sandbox.Timedout",
        errorMessage: expect.stringContaining("Task timed out after 1.00 seconds"),
      },
    ],
    ["spin", { errorType: "Sandbox.Timedout" }],
    ["exit", { errorType: "Runtime.ExitError", errorMessage: expect.stringContaining("exit status 3") }],
    ["reject", { errorType: "Runtime.UnhandledPromiseRejection", errorMessage: "Error: nobody caught me" }],
    ["throwLater", { errorType: "Error", errorMessage: "later" }],
  ])("%s is reported as Lambda does, and the next invocation succeeds", async (way, expected) => {
    expect(await probe(way)).toMatchObject({ functionError: "Unhandled", ...expected });
    expect(await probe("echo", { id: 1 })).toEqual({ way: "echo", id: 1 });
  });

  test("has the lines of the stack trace", async () => {
    const { trace } = Object(await probe("fail"));
    expect(trace[0]).toBe("TypeError: no such thing");
    expect(trace[1]).toContain("index.mjs");
  });

  test.each([
    ["Broken", { errorMessage: "cannot load" }],
    ["Elsewhere", { errorType: "Runtime.HandlerNotFound" }],
    ["Missing", { errorType: "Runtime.ImportModuleError" }],
  ])("to load the code of %s is a failure of the invocation", async (id, expected) => {
    expect(await invoke(id, {})).toMatchObject({ functionError: "Unhandled", payload: expected });
  });

  test("is reported with the function's id", async () => {
    await probe("fail");
    expect(found.all).toContainEqual(
      expect.objectContaining({
        source: "Probe",
        level: "problem",
        message: "the function failed: TypeError: no such thing",
      }),
    );
  });
});

describe("a function", () => {
  test("gets the environment variables of the template and of Lambda, and no others", async () => {
    const variables = await probe("environment");
    expect(variables).toMatchObject({
      GREETING: "hello",
      AWS_REGION: "eu-central-1",
      AWS_LAMBDA_FUNCTION_NAME: "probe",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      AWS_ENDPOINT_URL: cloud.endpoint,
      ...withoutSdkWarning,
      _X_AMZN_TRACE_ID: expect.stringContaining("Root=1-"),
    });
    expect(
      Object.keys(Object(variables)).filter((name) => !/^(AWS_|GREETING|LAMBDA_|TZ|_)/.test(name)),
    ).toEqual([]);
  });

  test("gets a context", async () => {
    expect(await probe("context")).toMatchObject({
      functionName: "probe",
      invokedFunctionArn: "arn:aws:lambda:eu-central-1:000000000000:function:probe",
      memoryLimitInMB: "256",
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test("with one environment runs invocations one at a time, in order", async () => {
    const ids = [1, 2, 3, 4];
    const answers = await Promise.all(ids.map((id) => invoke("Single", { way: "sleep", id })));
    expect(answers.map(({ payload }) => payload)).toEqual(ids);
    expect((await invoke("Single", { way: "count" })).payload).toBe(1);
    expect((await invoke("Single", { way: "count" })).payload).toBe(2);
  });

  test("sees the time of the local clock in Date", async () => {
    await cloud.advance(86_400);
    const seen = Object(await probe("now"));
    const ahead = cloud.clock.now() - seen.now;
    expect(ahead).toBeGreaterThanOrEqual(0);
    expect(ahead).toBeLessThan(60_000);
    expect(seen).toMatchObject({ given: 5, isDate: true });
    expect(Date.parse(seen.text)).toBeGreaterThan(Date.now() + 86_000_000);
    expect(seen.made).toBeGreaterThanOrEqual(seen.now);
  });

  test("that does not exist is refused", async () => {
    await expect(invoke("arn:aws:lambda:eu-central-1:000000000000:function:none", {})).rejects.toThrow(
      "Function not found",
    );
  });
});

describe("the output of a function", () => {
  test("is reported line by line, and parsed if it is JSON", async () => {
    await probe("write");
    const own = found.all.filter(
      ({ source, message }) => source === "Probe" && !message.startsWith("the function"),
    );
    expect(own.map(({ level, message, fields }) => ({ level, message, id: fields?.correlationId }))).toEqual([
      { level: "info", message: "structured", id: "c-7" },
      { level: "info", message: "plain", id: undefined },
      { level: "info", message: "two lines", id: undefined },
      { level: "problem", message: "to stderr", id: undefined },
    ]);
  });

  const spoken = async (id: string) => {
    const { payload } = await invoke(id, { way: "speak" });
    const own = found.all.filter(({ source }) => source === id);
    return { payload, lines: own.map(({ level, message }) => `${level} ${message.split("\n")[0]}`) };
  };

  test("in the JSON format is filtered as Lambda does, at each level", async () => {
    const errors = [
      expect.stringMatching(/^problem .*"message":\{"errorType":"TypeError"/),
      expect.stringMatching(/^problem it failed TypeError: two/),
    ];
    const [ours, metric, plain] = ["problem ours", expect.stringMatching(/^info .*FATAL/), "info plain"];
    const usual = ["info normal 1", "info a warning", ...errors, "problem untimed", ours, metric, plain];
    expect(await spoken("Loud")).toEqual({
      payload: { format: "JSON", level: "DEBUG" },
      lines: ["info quiet", ...usual],
    });
    expect(await spoken("Usual")).toEqual({ payload: { format: "JSON", level: "INFO" }, lines: usual });
    expect(await spoken("Terse")).toEqual({
      payload: { format: "JSON", level: "ERROR" },
      lines: [...errors, ours, metric, plain],
    });
  });

  test("of the console in the JSON format has Lambda's fields", async () => {
    const line = found.all.find(
      ({ source, message }) => source === "Loud" && message.startsWith("it failed"),
    );
    expect(line?.fields).toMatchObject({
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      level: "ERROR",
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      errorType: "TypeError",
      errorMessage: "two",
      stackTrace: expect.arrayContaining(["TypeError: two"]),
    });
  });

  test("is dropped without permission to write it, and this is reported", async () => {
    expect((await invoke("Silent", { way: "write" })).payload).toBe("done");
    const about = found.all.filter(({ source }) => source === "Silent" || source === "silent");
    expect(about.map(({ message }) => message)).toEqual([
      expect.stringContaining(
        "is not authorized to perform: logs:CreateLogStream on resource: arn:aws:logs:eu-central-1:000000000000:log-group:/aws/lambda/silent:log-stream:",
      ),
    ]);
  });
});
