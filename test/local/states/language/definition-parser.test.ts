import { expect, test } from "vitest";
import { cloudOf } from "../cloud.ts";
import { machine, task } from "../machine.ts";

const made = (definition: unknown, properties = {}) => cloudOf({ definition, properties });
const A = (fields: object) =>
  machine({
    First: { Type: "Choice", Choices: [{ Condition: "{% true %}", Next: "A" }], Default: "B" },
    A: { ...task("fn", {}), ...fields },
    B: { Type: "Succeed" },
  });
const retry = (...retriers: object[]) => A({ Retry: retriers });
const choice = (Choices: readonly object[], fields = {}) =>
  machine({ A: { Type: "Choice", Choices, Default: "B", ...fields }, B: { Type: "Succeed" } });
const yes = { Condition: "{% true %}", Next: "B" };
const inA = "state machine trip, state A";

test.each([
  [
    "Wait",
    machine({ A: { Type: "Wait", Seconds: 1, End: true } }),
    `${inA}: Type "Wait": this does not run here`,
  ],
  ["a Choice without choices", choice([]), `${inA}: Choices []: expected at least one choice`],
  ["a Choice without a condition", choice([{ Next: "B" }]), `${inA}, Choices[0]: Condition`],
  ["a Choice that leads nowhere", choice([{ Condition: "{% true %}", Next: "C" }]), `${inA}: Next "C"`],
  ["a Choice without a Default", choice([yes], { Default: undefined }), `${inA}: Default`],
  ["a Choice with a Default that leads nowhere", choice([yes], { Default: "C" }), `${inA}: Next "C"`],
  ["an Output of a Choice", choice([yes], { Output: 1 }), `${inA}: Output 1`],
  ["a choice in JSONPath", choice([{ Variable: "$.x", Next: "B" }]), `${inA}, Choices[0]: Variable "$.x"`],
  ["Map", machine({ A: { Type: "Map" } }), `${inA}: Type "Map"`],
  [
    "JSONPath by default",
    { StartAt: "A", States: { A: { Type: "Succeed" } } },
    `${inA}: QueryLanguage "JSONPath"`,
  ],
  ["a top-level timeout", { ...A({}), TimeoutSeconds: 9 }, "state machine trip: TimeoutSeconds 9"],
  [
    "another resource",
    A({ Resource: "arn:aws:states:::sqs:sendMessage" }),
    `${inA}: Resource "arn:aws:states:::sqs:sendMessage"`,
  ],
  ["heartbeats", A({ HeartbeatSeconds: 5 }), `${inA}: HeartbeatSeconds 5`],
  ["fields of JSONPath", A({ ResultPath: "$.x" }), `${inA}: ResultPath "$.x"`],
  [
    "other arguments",
    A({ Arguments: { FunctionName: "f", Qualifier: "1" } }),
    `${inA}: Arguments: Qualifier "1"`,
  ],
  ["no function", A({ Arguments: { Payload: 1 } }), `${inA}: Arguments/FunctionName`],
  ["a Next of a Succeed", machine({ A: { Type: "Succeed", Next: "A" } }), `${inA}: Next "A"`],
  ["a Next that leads nowhere", A({ End: undefined, Next: "C" }), `${inA}: Next "C": there is no such state`],
  ["a catcher that leads nowhere", A({ Catch: [{ ErrorEquals: ["E"], Next: "C" }] }), `${inA}: Next "C"`],
  ["neither Next nor End", A({ End: undefined }), `${inA}: Next undefined`],
  ["Next and End", A({ Next: "B" }), `${inA}: End true`],
  ["a StartAt that is not a state", { ...A({}), StartAt: "C" }, 'state machine trip: StartAt "C"'],
  ["a timeout of 0", A({ TimeoutSeconds: 0 }), `${inA}: TimeoutSeconds 0`],
  ["a retrier without errors", retry({ ErrorEquals: [] }), `${inA}, Retry[0]: ErrorEquals []`],
  [
    "States.ALL beside others",
    retry({ ErrorEquals: ["States.ALL", "E"] }),
    `${inA}, Retry[0]: ErrorEquals ["States.ALL","E"]`,
  ],
  [
    "States.ALL before others",
    retry({ ErrorEquals: ["States.ALL"] }, { ErrorEquals: ["E"] }),
    `${inA}, Retry[0]: ErrorEquals`,
  ],
  ["a rate below 1", retry({ ErrorEquals: ["E"], BackoffRate: 0.5 }), `${inA}, Retry[0]: BackoffRate 0.5`],
  [
    "an interval of half a second",
    retry({ ErrorEquals: ["E"], IntervalSeconds: 0.5 }),
    `${inA}, Retry[0]: IntervalSeconds 0.5`,
  ],
  [
    "a maximum delay below the interval",
    retry({ ErrorEquals: ["E"], IntervalSeconds: 5, MaxDelaySeconds: 5 }),
    `${inA}, Retry[0]: MaxDelaySeconds 5`,
  ],
  [
    "unknown jitter",
    retry({ ErrorEquals: ["E"], JitterStrategy: "SOME" }),
    `${inA}, Retry[0]: JitterStrategy "SOME"`,
  ],
  ["an unknown field of a retrier", retry({ ErrorEquals: ["E"], Delay: 1 }), `${inA}, Retry[0]: Delay 1`],
  [
    "a ResultPath of a catcher",
    A({ Catch: [{ ErrorEquals: ["E"], Next: "B", ResultPath: "$" }] }),
    `${inA}, Catch[0]: ResultPath "$"`,
  ],
  ["a variable with an invalid name", A({ Assign: { "a-b": 1 } }), `${inA}: Assign "a-b"`],
  ["the variable states", A({ Assign: { states: 1 } }), `${inA}: Assign "states"`],
  // Messages of AWS in reports: localstack/localstack#11978, aws-cloudformation/cfn-lint#4073, floci-io/floci#2735.
  [
    "a state that cannot be reached",
    machine({ A: { Type: "Succeed" }, B: { Type: "Pass", Next: "A" } }),
    "state machine trip, state B: the state is not reachable from StartAt",
  ],
  [
    "a state that only another unreachable state leads to",
    machine({
      A: { Type: "Succeed" },
      B: { Type: "Pass", Next: "C" },
      C: { Type: "Pass", Next: "B" },
    }),
    "state machine trip, state B: the state is not reachable from StartAt",
  ],
  [
    "a state that only itself leads to",
    machine({ A: { Type: "Succeed" }, B: { Type: "Pass", Next: "B" } }),
    "state machine trip, state B: the state is not reachable from StartAt",
  ],
  [
    "a loop without an end",
    machine({ A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "A" } }),
    "state machine trip: no state ends an execution",
  ],
  ["Parallel", machine({ A: { Type: "Parallel" } }), `${inA}: Type "Parallel"`],
  [
    "a syntax error",
    A({ Output: { x: "{% 1 + %}" } }),
    `${inA}: Output: the JSONata expression '1 +' does not run here: S0207`,
  ],
  [
    "a function that is not supported",
    A({ Output: "{% $hash('a') %}" }),
    `${inA}: Output: the JSONata expression '$hash('a')' does not run here: $hash`,
  ],
])("%s is refused by name", (_, definition, message) => {
  expect(() => made(definition)).toThrow(message);
});

test.each([
  ["StateMachineType", { StateMachineType: "SLOW" }, 'StateMachineType "SLOW"'],
  [
    "a setting of TracingConfiguration",
    { TracingConfiguration: { Rate: 1 } },
    "TracingConfiguration: Rate 1",
  ],
  [
    "LoggingConfiguration",
    { LoggingConfiguration: { Level: "ALL" } },
    'LoggingConfiguration {"Level":"ALL"}',
  ],
  ["any other property", { DefinitionS3Location: {} }, "DefinitionS3Location {}"],
  ["a missing role", { RoleArn: undefined }, "RoleArn undefined"],
])("%s of the resource is refused by name", (_, properties, message) => {
  expect(() => made(A({}), properties)).toThrow(`state machine Trip: ${message}`);
});

test("a state that Next, Default, a choice or a catcher leads to is reachable", () => {
  const definition = machine({
    A: { Type: "Choice", Choices: [{ Condition: "{% true %}", Next: "B" }], Default: "C" },
    B: task("fn", {}, { Catch: [{ ErrorEquals: ["E"], Next: "D" }], Next: "E" }),
    C: { Type: "Succeed" },
    D: { Type: "Fail" },
    E: { Type: "Pass", End: true },
  });
  expect(() => made(definition)).not.toThrow();
});

test.each([true, false])("a setting that changes nothing is accepted, with tracing %s", (Enabled) => {
  const properties = {
    StateMachineType: "STANDARD",
    StateMachineName: "trip",
    TracingConfiguration: { Enabled },
    LoggingConfiguration: { Level: "OFF" },
    Tags: [{ Key: "a", Value: "b" }],
  };
  const definition = { ...A({ Comment: "c", QueryLanguage: "JSONata" }), Comment: "c", Version: "1.0" };
  expect(() => made(definition, properties)).not.toThrow();
});

test("a definition may be an object", async () => {
  const definition = machine({ A: { Type: "Succeed" } });
  const cloud = made(definition, { DefinitionString: undefined, Definition: definition });
  expect((await cloud.run()).status).toBe("SUCCEEDED");
});
