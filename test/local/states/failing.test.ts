import { describe, expect, test } from "vitest";
import { ServiceError } from "../../../lib/local/service/service.ts";
import { retryOf } from "../../../lib/local/states/language/retry.ts";
import { cloudOf, executionArn, FunctionError, settled, until } from "./cloud.ts";
import { machine, task } from "./machine.ts";

const throwing = (errorType: string) => () => {
  throw new FunctionError({ errorType, errorMessage: "m" });
};

/** Fails this many times, then answers. */
const failingTimes = (times: number, errorType = "Retryable") => {
  let calls = 0;
  return () => {
    calls += 1;
    if (calls <= times) throw new FunctionError({ errorType, errorMessage: `${calls}` });
    return calls;
  };
};

const retrier = {
  errorEquals: ["E"],
  intervalSeconds: 2,
  backoffRate: 3,
  maxAttempts: 3,
  maxDelaySeconds: 10,
  jitter: "NONE",
} as const;
const full = { ...retrier, jitter: "FULL" } as const;
const all = { ...retrier, errorEquals: ["States.ALL"] } as const;

describe("the delay of a retrier", () => {
  test.each([
    ["is the interval at first", [retrier], [0], "E", 0, 2000],
    ["then grows by the rate", [retrier], [1], "E", 0, 6000],
    ["is at most the maximum delay", [retrier], [2], "E", 0, 10_000],
    ["does not exist once the retrier is exhausted", [retrier], [3], "E", 0, undefined],
    ["does not exist for an error that the retrier does not name", [retrier], [0], "F", 0, undefined],
    ["starts at zero with full jitter", [full], [1], "E", 0, 0],
    ["ends at the whole delay with full jitter", [full], [1], "E", 1, 6000],
    ["comes from the first retrier that names the error", [retrier, all], [0, 2], "E", 0, 2000],
    [
      "does not come from a later retrier if the first is exhausted",
      [retrier, all],
      [3, 0],
      "E",
      0,
      undefined,
    ],
    ["comes from a later retrier for other errors", [retrier, all], [3, 1], "F", 0, 6000],
    ["does not exist with MaxAttempts 0", [{ ...retrier, maxAttempts: 0 }], [0], "E", 0, undefined],
  ])("%s", (_, retriers, retries, error, random, delay) => {
    expect(retryOf(retriers, { retries, error, random: () => random })?.delayMilliseconds).toBe(delay);
  });
});

describe("a name matches an error", () => {
  const caught = [
    ["States.ALL", "Anything", true],
    ["States.TaskFailed", "Anything", true],
    ["Any", "Anything", false],
    ["States.TaskFailed", "States.Timeout", false],
    // The page of AWS says no for States.ALL, the recorded answer yes (test_states_errors.snapshot.json).
    ["States.ALL", "States.DataLimitExceeded", true],
    ["States.TaskFailed", "States.DataLimitExceeded", true],
    ["States.DataLimitExceeded", "States.DataLimitExceeded", true],
    ["States.Runtime", "States.Runtime", false],
  ] as const;
  test.each(caught)("%s matches %s: %s", (name, error, isCaught) => {
    const retriers = [{ ...retrier, errorEquals: [name] }];
    expect(retryOf(retriers, { retries: [0], error, random: () => 0 }) !== undefined).toBe(isCaught);
  });
});

describe("a failed task", () => {
  const retrying = (retry: Readonly<Record<string, unknown>>, fields = {}) =>
    machine({
      A: task(
        "fn",
        { try: "{% $states.context.State.RetryCount %}" },
        {
          Retry: [{ ErrorEquals: ["Retryable"], ...retry }],
          Output: "{% $states.result.Payload %}",
          Next: "B",
          ...fields,
        },
      ),
      B: { Type: "Succeed" },
    });

  test("is retried once the delay is over, and not before", async () => {
    const cloud = cloudOf({
      definition: retrying({ IntervalSeconds: 10 }),
      functions: { fn: failingTimes(2) },
    });
    await cloud.start("e");
    await cloud.advance(9);
    expect(cloud.calls).toHaveLength(1);
    await cloud.advance(1);
    expect(cloud.calls).toHaveLength(2);
    await cloud.advance(20);
    expect(await cloud.describe("e")).toMatchObject({ status: "SUCCEEDED", output: "3" });
    expect(cloud.calls.map(({ payload }) => payload)).toEqual([{ try: 0 }, { try: 1 }, { try: 2 }]);
  });

  test("waits for the part of the delay that jitter chooses", async () => {
    const definition = retrying({ IntervalSeconds: 100, JitterStrategy: "FULL" });
    const cloud = cloudOf({ definition, functions: { fn: failingTimes(1) }, random: 0.25 });
    await cloud.start("e");
    await cloud.advance(24);
    expect(cloud.calls).toHaveLength(1);
    await cloud.advance(1);
    expect(cloud.calls).toHaveLength(2);
  });

  test("fails the execution with its last error if the retrier is exhausted", async () => {
    const cloud = cloudOf({ definition: retrying({ MaxAttempts: 1 }), functions: { fn: failingTimes(9) } });
    await cloud.start("e");
    await cloud.advance(1);
    expect(await cloud.describe("e")).toMatchObject({ status: "FAILED", error: "Retryable" });
    expect(cloud.calls).toHaveLength(2);
  });

  test("if its retriers are exhausted, goes to the first catcher that names the error", async () => {
    const Catch = [
      { ErrorEquals: ["Other"], Next: "A" },
      {
        ErrorEquals: ["Retryable"],
        Next: "B",
        Output:
          "{% {'error': $states.errorOutput.Error, 'cause': $parse($states.errorOutput.Cause).errorMessage, 'input': $states.input} %}",
      },
      { ErrorEquals: ["States.ALL"], Next: "A" },
    ];
    const cloud = cloudOf({
      definition: retrying({ MaxAttempts: 0 }, { Catch }),
      functions: { fn: failingTimes(9) },
    });
    expect((await cloud.run({ x: 1 })).output).toBe('{"error":"Retryable","cause":"1","input":{"x":1}}');
  });

  test("passes on the error if the catcher has no Output, and runs Assign of the catcher, not its own", async () => {
    const definition = machine({
      A: task(
        "fn",
        {},
        {
          Assign: { who: "task" },
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "B", Assign: { who: "catcher" } }],
        },
      ),
      B: { Type: "Succeed", Output: ["{% $states.input %}", "{% $who %}"] },
    });
    const { output } = await cloudOf({ definition, functions: { fn: throwing("Odd") } }).run();
    expect(JSON.parse(output)).toEqual([
      { Error: "Odd", Cause: '{"errorType":"Odd","errorMessage":"m"}' },
      "catcher",
    ]);
  });

  test.each([
    ["Arguments", { Arguments: { FunctionName: "fn", Payload: "{% $no %}" } }],
    ["Output", { Output: "{% $no %}" }],
    ["Assign", { Assign: { a: "{% $no %}" } }],
  ])("is caught if its %s cannot be evaluated", async (_, fields) => {
    const definition = machine({
      A: task("fn", {}, { ...fields, Catch: [{ ErrorEquals: ["States.QueryEvaluationError"], Next: "B" }] }),
      B: { Type: "Succeed", Output: "{% $states.input.Error %}" },
    });
    expect((await cloudOf({ definition, functions: { fn: () => 1 } }).run()).output).toBe(
      '"States.QueryEvaluationError"',
    );
  });

  test("fails the execution if its catcher cannot be evaluated", async () => {
    const definition = machine({
      A: task("fn", {}, { Catch: [{ ErrorEquals: ["States.ALL"], Next: "A", Output: "{% $no %}" }] }),
    });
    const { error, cause } = await cloudOf({ definition, functions: { fn: throwing("Odd") } }).run();
    expect(error).toBe("States.QueryEvaluationError");
    expect(cause).toContain("'Catch[0]/Output'");
  });

  test.each([
    [new ServiceError("AccessDeniedException", "not allowed"), "Lambda.AWSLambdaException"],
    [new ServiceError("TooManyRequestsException", "slow down", 429), "Lambda.TooManyRequestsException"],
    [new ServiceError("ServiceException", "sorry", 500), "Lambda.ServiceException"],
    [new ServiceError("ResourceNotFoundException", "which?", 404), "Lambda.ResourceNotFoundException"],
    [new Error("connection lost"), "Lambda.SdkClientException"],
  ])("by %s has the name %s", async (error, name) => {
    const fn = () => {
      throw error;
    };
    const ended = await cloudOf({ definition: machine({ A: task("fn", {}) }), functions: { fn } }).run();
    expect(ended).toMatchObject({ status: "FAILED", error: name, cause: error.message });
  });
});

describe("a timeout", () => {
  const never = () => new Promise(() => {});

  // localstack/localstack, test_timeouts.snapshot.json, test_fixed_timeout_service_lambda: recorded on AWS 2024-03-10.
  test("of a task without a catcher ends the execution as FAILED, without a cause", async () => {
    const cloud = cloudOf({
      definition: machine({ A: task("fn", {}, { TimeoutSeconds: 30 }) }),
      functions: { fn: never },
    });
    await cloud.start("e");
    await cloud.advance(29);
    expect((await cloud.describe("e")).status).toBe("RUNNING");
    await cloud.advance(1);
    const ended = await cloud.describe("e");
    expect(ended).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    expect(ended).not.toHaveProperty("cause");
    const { events } = await cloud.call("GetExecutionHistory", { executionArn: executionArn("e") });
    expect(events.slice(-2)).toMatchObject([
      {
        type: "TaskTimedOut",
        taskTimedOutEventDetails: { error: "States.Timeout", resource: "invoke", resourceType: "lambda" },
      },
      { type: "ExecutionFailed", executionFailedEventDetails: { error: "States.Timeout" } },
    ]);
    expect(JSON.stringify(events)).not.toContain("cause");
  });

  test("is caught as States.Timeout, with the seconds from an expression", async () => {
    const definition = machine({
      A: task(
        "fn",
        {},
        {
          TimeoutSeconds: "{% $states.input.s %}",
          Catch: [
            { ErrorEquals: ["States.TaskFailed"], Next: "A" },
            { ErrorEquals: ["States.Timeout"], Next: "B" },
          ],
        },
      ),
      B: { Type: "Succeed" },
    });
    const cloud = cloudOf({ definition, functions: { fn: never } });
    await cloud.start("e", { s: 5 });
    await cloud.advance(5);
    expect(await cloud.describe("e")).toMatchObject({ output: '{"Error":"States.Timeout","Cause":""}' });
  });

  test("starts again for each attempt", async () => {
    const definition = machine({
      A: task(
        "fn",
        {},
        {
          TimeoutSeconds: 30,
          Retry: [{ ErrorEquals: ["States.Timeout"], IntervalSeconds: 10, MaxAttempts: 1 }],
        },
      ),
    });
    const cloud = cloudOf({ definition, functions: { fn: never } });
    await cloud.start("e");
    await cloud.advance(30);
    await cloud.advance(10);
    expect(cloud.calls).toHaveLength(2);
    await cloud.advance(29);
    expect((await cloud.describe("e")).status).toBe("RUNNING");
    await cloud.advance(1);
    expect((await cloud.describe("e")).status).toBe("FAILED");
  });

  test("is final: an answer that comes later changes nothing", async () => {
    let answer: (value: unknown) => void = () => {};
    const fn = () => new Promise((resolve) => (answer = resolve));
    const cloud = cloudOf({
      definition: machine({ A: task("fn", {}, { TimeoutSeconds: 1 }) }),
      functions: { fn },
    });
    await cloud.start("e");
    await until(() => cloud.calls.length === 1);
    await cloud.advance(1);
    answer(1);
    await settled();
    expect((await cloud.describe("e")).status).toBe("FAILED");
  });
});
