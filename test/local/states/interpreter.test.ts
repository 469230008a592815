import { describe, expect, test } from "vitest";
import { cloudOf, executionArn, FunctionError, type Setting } from "./cloud.ts";
import { machine, task } from "./machine.ts";

const answerOf = (answer: unknown) => ({ answer: () => answer });
const broken = (document: unknown) => ({
  fn: () => {
    throw new FunctionError(document);
  },
});

type Row = readonly [
  name: string,
  setting: Setting,
  input: unknown,
  ended: Readonly<Record<string, unknown>>,
];

const succeeded = (output: unknown) => ({ status: "SUCCEEDED", output: JSON.stringify(output) });
const failed = (error: string, cause: unknown = expect.any(String)) => ({ status: "FAILED", error, cause });

const rows: readonly Row[] = [
  [
    "a Pass without Output passes its input on",
    { definition: machine({ A: { Type: "Pass", Next: "B" }, B: { Type: "Succeed" } }) },
    { x: [1] },
    succeeded({ x: [1] }),
  ],
  [
    "states after an assignment see the variable; the Output of the same state does not",
    {
      definition: machine({
        A: { Type: "Pass", Assign: { n: 1 }, Next: "B" },
        B: { Type: "Pass", Assign: { n: "{% $n + 1 %}" }, Output: "{% $n %}", Next: "C" },
        C: { Type: "Succeed", Output: { before: "{% $states.input %}", after: "{% $n %}" } },
      }),
    },
    {},
    succeeded({ before: 1, after: 2 }),
  ],
  [
    "expressions can be anywhere in a value, but must be the whole string",
    {
      definition: machine({
        A: {
          Type: "Succeed",
          Output: { a: ["{% $states.input.x %}", { b: "{%$states.input.x * 2%}" }], c: "no {% 1 %}" },
        },
      }),
    },
    { x: 2 },
    succeeded({ a: [2, { b: 4 }], c: "no {% 1 %}" }),
  ],
  [
    "a list with one item from an expression stays a list",
    {
      definition: machine({
        A: { Type: "Pass", Output: "{% $map([1], function($v) { {'v': $v} })[] %}", Next: "B" },
        B: { Type: "Succeed", Output: { list: "{% $states.input %}" } },
      }),
    },
    {},
    succeeded({ list: [{ v: 1 }] }),
  ],
  ...(
    [
      ["a Choice goes to the first branch whose condition holds", { skips: ["A", "B"] }, "first"],
      ["a Choice goes to its default if no condition holds", { skips: ["B"] }, "other"],
      ["a Choice goes to its default if there is no input to check", {}, "other"],
    ] as const
  ).map(
    ([name, input, way]): Row => [
      name,
      {
        definition: machine({
          A: {
            Type: "Choice",
            Choices: [
              { Condition: "{% 'A' in $states.context.Execution.Input.skips %}", Next: "first" },
              { Condition: "{% 'A' in $states.input.skips %}", Next: "second" },
            ],
            Default: "other",
          },
          first: { Type: "Succeed", Output: { way: "first", input: "{% $states.input %}" } },
          second: { Type: "Succeed", Output: { way: "second" } },
          other: { Type: "Succeed", Output: { way: "other", input: "{% $states.input %}" } },
        }),
      },
      input,
      succeeded({ way, input }),
    ],
  ),
  [
    "a condition that is not a boolean fails",
    {
      definition: machine({
        A: { Type: "Choice", Choices: [{ Condition: "{% 'yes' %}", Next: "B" }], Default: "B" },
        B: { Type: "Succeed" },
      }),
    },
    {},
    failed("States.QueryEvaluationError", expect.stringContaining("Choices[0]/Condition")),
  ],
  [
    "the result of a Task is the answer of Lambda, and is its output if there is no Output",
    {
      definition: machine({ A: task("answer", {}, { Output: "{% $states.result %}" }) }),
      functions: answerOf({ ok: 1 }),
    },
    {},
    succeeded({
      ExecutedVersion: "$LATEST",
      Payload: { ok: 1 },
      SdkHttpMetadata: { HttpStatusCode: 200 },
      SdkResponseMetadata: { RequestId: "r" },
      StatusCode: 200,
    }),
  ],
  [
    "a function that returns nothing answers null",
    {
      definition: machine({ A: task("answer", {}, { Output: "{% $states.result.Payload %}" }) }),
      functions: answerOf(undefined),
    },
    {},
    succeeded(null),
  ],
  [
    "the functions for the time use the clock of the local cloud",
    {
      definition: machine({
        A: { Type: "Succeed", Output: ["{% $now() %}", "{% $millis() %}", "{% $now('[Y]') %}"] },
      }),
    },
    {},
    succeeded(["2026-01-01T00:00:00.000Z", 1767225600000, "2026"]),
  ],
  [
    "$parse reads JSON",
    { definition: machine({ A: { Type: "Succeed", Output: "{% $parse($states.input).a %}" } }) },
    '{"a":1}',
    succeeded(1),
  ],
  [
    "$uuid is a new id",
    { definition: machine({ A: { Type: "Succeed", Output: "{% $length($uuid()) %}" } }) },
    {},
    succeeded(36),
  ],
  [
    "the context has the execution and the state",
    {
      definition: machine({
        A: {
          Type: "Succeed",
          Output:
            "{% [$states.context.Execution.(Name & Input.x & StartTime), $states.context.StateMachine.Name, $states.context.State.(Name & RetryCount)] %}",
        },
      }),
    },
    { x: 1 },
    succeeded(["e12026-01-01T00:00:00.000Z", "trip", "A0"]),
  ],
  [
    "a Fail ends the execution with its error and cause",
    { definition: machine({ A: { Type: "Fail", Error: "Odd", Cause: "{% 'x is ' & $states.input.x %}" } }) },
    { x: 3 },
    failed("Odd", "x is 3"),
  ],
  [
    "a Fail needs no error and no cause",
    { definition: machine({ A: { Type: "Fail" } }) },
    {},
    { status: "FAILED" },
  ],
  [
    "the name of a function's error is its errorType, and the cause is its error document",
    {
      definition: machine({ A: task("fn", {}) }),
      functions: broken({ errorType: "Retryable", errorMessage: "no" }),
    },
    {},
    failed("Retryable", '{"errorType":"Retryable","errorMessage":"no"}'),
  ],
  [
    "a function that dies without an errorType fails with Lambda.Unknown",
    { definition: machine({ A: task("fn", {}) }), functions: broken({ errorMessage: "gone" }) },
    {},
    failed("Lambda.Unknown", expect.stringContaining('Returned payload: {"errorMessage":"gone"}')),
  ],
  [
    "an expression without a result fails the state, and the cause has the expression, its field and its state",
    {
      definition: machine({
        A: { Type: "Pass", Next: "B" },
        B: task("fn", { a: [{ b: "{% $states.input.no %}" }] }),
      }),
    },
    {},
    failed(
      "States.QueryEvaluationError",
      "An error occurred while executing the state 'B' (entered at the event id #4). The JSONata expression '$states.input.no' specified for the field 'Arguments/Payload/a[0]/b' returned nothing (undefined).",
    ),
  ],
  [
    "an expression that throws fails the state with the message of JSONata",
    { definition: machine({ A: { Type: "Succeed", Output: "{% $abs('x') %}" } }) },
    {},
    failed(
      "States.QueryEvaluationError",
      expect.stringMatching(/field 'Output' threw an error during evaluation\. T0410: /),
    ),
  ],
  [
    "an expression that yields a function fails the state",
    { definition: machine({ A: { Type: "Succeed", Output: "{% function($x) { $x } %}" } }) },
    {},
    failed("States.QueryEvaluationError", expect.stringContaining("unsupported result type")),
  ],
  [
    "a function that an expression calls without success fails the state",
    { definition: machine({ A: { Type: "Succeed", Output: "{% $nothing(1) %}" } }) },
    {},
    failed("States.QueryEvaluationError", expect.stringContaining("T1006")),
  ],
  [
    "a field that evaluates to the wrong type fails the state",
    { definition: machine({ A: task("fn", {}, { TimeoutSeconds: "{% 'soon' %}" }) }) },
    {},
    failed("States.QueryEvaluationError", expect.stringContaining("'TimeoutSeconds'")),
  ],
  [
    "an Output that is too large fails the state",
    { definition: machine({ A: { Type: "Succeed", Output: "{% $pad('', 262145, 'x') %}" } }) },
    {},
    failed("States.DataLimitExceeded"),
  ],
  // localstack/localstack, test_states_errors.snapshot.json: recorded on AWS 2024-03-21.
  [
    "an answer that is too large fails the task, and States.ALL catches it",
    {
      definition: machine({
        A: task("answer", {}, { Catch: [{ ErrorEquals: ["States.ALL"], Next: "B" }] }),
        B: { Type: "Succeed" },
      }),
      functions: answerOf("x".repeat(262_145)),
    },
    {},
    succeeded({
      Error: "States.DataLimitExceeded",
      Cause:
        "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
    }),
  ],
  // cdklabs/construct-hub#1885: the task succeeded, but the execution failed, and no catcher was used.
  [
    "a task Output that is too large ends the execution, and no catcher catches it",
    {
      definition: machine({
        A: task(
          "answer",
          {},
          {
            Output: "{% $pad('', 262145, 'x') %}",
            Catch: [{ ErrorEquals: ["States.DataLimitExceeded"], Next: "B" }],
            Retry: [{ ErrorEquals: ["States.ALL"] }],
          },
        ),
        B: { Type: "Succeed" },
      }),
      functions: answerOf(1),
    },
    {},
    failed("States.DataLimitExceeded"),
  ],
  [
    "a loop ends at 25,000 events",
    {
      definition: machine({
        A: { Type: "Choice", Choices: [{ Condition: "{% false %}", Next: "B" }], Default: "A" },
        B: { Type: "Succeed" },
      }),
    },
    {},
    failed("States.Runtime", "The execution reached the maximum number of history events (25000)."),
  ],
];

describe("a definition and an input lead to a result", () => {
  test.each(rows)("%s", async (_, setting, input, ended) => {
    const { status, output, error, cause } = await cloudOf(setting).run(input);
    expect({ status, output, error, cause }).toEqual({
      output: undefined,
      error: undefined,
      cause: undefined,
      ...ended,
    });
  });
});

describe("a field that cannot be evaluated", () => {
  const ofA = (fields: object) => ({ Type: "Pass", End: true, ...fields });
  const choiceOf = (Condition: unknown) =>
    machine({
      A: { Type: "Choice", Choices: [{ Condition, Next: "B" }], Default: "B" },
      B: { Type: "Succeed" },
    });

  // The fields are those of AWS's EvaluationFailedEventDetails (API reference, GetExecutionHistory).
  test.each<readonly [string, unknown, string]>([
    ["the Output of a Pass", machine({ A: ofA({ Output: { a: "{% $no %}" } }) }), "Output/a"],
    ["the Assign of a Pass", machine({ A: ofA({ Assign: { x: "{% $no %}" } }) }), "Assign/x"],
    ["the condition of a Choice", choiceOf("{% $no %}"), "Choices[0]/Condition"],
    ["a condition that is not a boolean", choiceOf("{% 1 %}"), "Choices[0]/Condition"],
    ["the Output of a Succeed", machine({ A: { Type: "Succeed", Output: "{% $no %}" } }), "Output"],
    ["the Error of a Fail", machine({ A: { Type: "Fail", Error: "{% $no %}" } }), "Error"],
    ["a Cause of a Fail that is not a string", machine({ A: { Type: "Fail", Cause: "{% 1 %}" } }), "Cause"],
    ["the Arguments of a Task", machine({ A: task("fn", "{% $no %}") }), "Arguments/Payload"],
    [
      "the TimeoutSeconds of a Task",
      machine({ A: task("fn", {}, { TimeoutSeconds: "{% -1 %}" }) }),
      "TimeoutSeconds",
    ],
    ["the Output of a Task", machine({ A: task("fn", {}, { Output: "{% $no %}" }) }), "Output"],
    [
      "the Output of a catcher",
      machine({
        A: task("throw", {}, { Catch: [{ ErrorEquals: ["E"], Next: "B", Output: "{% $no %}" }] }),
        B: { Type: "Succeed" },
      }),
      "Catch[0]/Output",
    ],
  ])("is an event in the history: %s", async (_, definition, location) => {
    const error = "States.QueryEvaluationError";
    const cloud = cloudOf({
      definition,
      functions: {
        fn: () => 1,
        throw: () => {
          throw new FunctionError({ errorType: "E" });
        },
      },
    });
    const { cause } = await cloud.run();
    const { events } = await cloud.call("GetExecutionHistory", { executionArn: executionArn("e") });
    expect(events.slice(-2)).toMatchObject([
      { type: "EvaluationFailed", evaluationFailedEventDetails: { error, cause, location, state: "A" } },
      { type: "ExecutionFailed", executionFailedEventDetails: { error, cause } },
    ]);
  });
});

describe("the Payload of a Task", () => {
  const invoked = async (payload: unknown, input: unknown = {}) => {
    const cloud = cloudOf({
      definition: machine({ A: task("fn", payload, { Output: "{% $states.result.Payload %}" }) }),
      functions: { fn: (event: unknown) => ({ event }) },
    });
    const { output, error, cause } = await cloud.run(input);
    return output === undefined ? { error, cause } : JSON.parse(output).event;
  };

  // localstack/localstack, test_lambda_task_service.snapshot.json: test_invoke and test_invoke_json_values, 2025-11-06.
  test.each<readonly [string, unknown, unknown]>([
    ["a string is sent as the JSON that it contains", '{"a":1}', { a: 1 }],
    ["a string that contains a JSON string is sent as that string", '"HelloWorld"', "HelloWorld"],
    ["a string from an expression is sent in the same way", "{% '[1,2]' %}", [1, 2]],
    ["a string within a payload stays a string", { a: '{"b":1}' }, { a: '{"b":1}' }],
    ["the JSON of null is sent as null", "null", null],
    ["null is sent as an empty payload, which is {}", null, {}],
    ["an empty string is sent as an empty payload, which is {}", "", {}],
    ["a number is sent as a number", 0, 0],
    ["a boolean is sent as a boolean", false, false],
    ["a list is sent as a list", [1, "a", null], [1, "a", null]],
    ["the input is sent unchanged", "{% $states.input %}", { x: 1 }],
  ])("%s", async (_, payload, event) => {
    expect(await invoked(payload, { x: 1 })).toEqual(event);
  });

  test("that is missing is sent as {}", async () => {
    const fn = (event: unknown) => ({ event });
    const Arguments = { FunctionName: "fn" };
    const definition = machine({ A: task("fn", {}, { Arguments, Output: "{% $states.result.Payload %}" }) });
    expect((await cloudOf({ definition, functions: { fn } }).run()).output).toBe('{"event":{}}');
  });

  test("that is a string without JSON fails the task, because Lambda refuses it", async () => {
    expect(await invoked("hello")).toEqual({
      error: "Lambda.InvalidRequestContentException",
      cause: expect.stringContaining("Could not parse request body into json"),
    });
  });
});

describe("a Task", () => {
  test("invokes the function with the role of the machine and the evaluated payload", async () => {
    const cloud = cloudOf({
      definition: machine({ A: task("{% $states.input.fn %}", { n: "{% $states.input.n %}", s: "s" }) }),
      functions: answerOf(1),
    });
    await cloud.run({ fn: "answer", n: 5 });
    expect(cloud.calls).toEqual([
      { functionName: "answer", payload: { n: 5, s: "s" }, role: "arn:aws:iam::000000000000:role/trip" },
    ]);
  });

  test("passes the whole state from task to task if Payload asks for it", async () => {
    const cloud = cloudOf({
      definition: machine({
        A: task("add", "{% $states.input %}", {
          Output: "{% $states.result.Payload %}",
          Assign: { first: "{% $states.result.Payload %}" },
          Next: "B",
        }),
        B: task("add", "{% $states.input %}", { Output: ["{% $first %}", "{% $states.result.Payload %}"] }),
      }),
      functions: { add: (n: number) => n + 1 },
    });
    expect((await cloud.run(1)).output).toBe("[2,3]");
  });
});
