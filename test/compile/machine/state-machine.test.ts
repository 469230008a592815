import { describe, expect, test } from "vitest";
import { toStateMachine } from "../../../lib/compile/machine/state-machine.ts";
import type { Definition, TaskState } from "../../../lib/compile/machine/task-state.ts";
import { lendingOf, type Steps, step } from "../../library/fixtures/lending-of.ts";

const functionArn = "arn:aws:lambda:eu-central-1:123456789012:function:task";

const compile = (...steps: Steps) => toStateMachine(lendingOf(steps), { functionArn });

/** Every shape of a saga: no step, without undo, without pivot, the pivot first, in the middle, last. */
const shapes: Readonly<Record<string, Steps>> = {
  "no steps": [],
  "no undo": [step("one", { undone: false }), step("two", { undone: false })],
  "no pivot": [step("one"), step("two", { undone: false }), step("three")],
  "the pivot first": [step("one", { pivot: true }), step("two")],
  "the pivot in the middle": [step("one"), step("two", { pivot: true }), step("three", { undone: false })],
  conditions: [step("one", { onlyIf: () => true }), step("two"), step("three", { onlyIf: () => true })],
  "the pivot last": [step("one"), step("two", { pivot: true, undone: false })],
};

const tasksOf = ({ States }: Definition): readonly (readonly [string, TaskState])[] =>
  Object.entries(States).flatMap(([name, state]) => (state.Type === "Task" ? [[name, state] as const] : []));

const leadsTo = ({ Next, Catch = [] }: TaskState): readonly string[] => [
  Next,
  ...Catch.map((catcher) => catcher.Next),
];

const reachable = (definition: Definition): ReadonlySet<string> => {
  const seen = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    const state = definition.States[name];
    if (state?.Type === "Task") leadsTo(state).forEach(visit);
    if (state?.Type === "Choice") [...state.Choices.map(({ Next }) => Next), state.Default].forEach(visit);
  };
  visit(definition.StartAt);
  return seen;
};

/** The next states of each task, without the parts that all tasks share. */
const map = (definition: Definition) =>
  Object.fromEntries(
    tasksOf(definition).map(([name, { Next, Catch = [] }]) => [
      name,
      [Next, ...Catch.map((catcher) => `${catcher.ErrorEquals.join()}: ${catcher.Next}`)].join(", "),
    ]),
  );

describe.each(Object.entries(shapes))("with %s", (_shape, steps) => {
  const definition = compile(...steps);

  test("every state can be reached and every next state exists", () => {
    expect([...reachable(definition)].toSorted()).toEqual(Object.keys(definition.States).toSorted());
  });

  test("every execution can end completed and, if something may fail, compensated", () => {
    expect(reachable(definition)).toContain("Completed");
    expect(reachable(definition)).toContain("Compensated");
  });

  test("a task has no output, because the history contains everything", () => {
    for (const [, { Output, Catch = [] }] of tasksOf(definition)) {
      expect(Output).toEqual({});
      for (const catcher of Catch) expect(catcher.Output).toEqual({});
    }
  });

  test("errors that the function throws by name, and timeouts, are never retried", () => {
    for (const [, { Retry }] of tasksOf(definition))
      expect(Retry[0]).toEqual({
        ErrorEquals: ["StepFailed", "Parked", "PermanentError", "States.Timeout"],
        MaxAttempts: 0,
      });
  });

  test("every other error is retried, with full jitter and a maximum delay", () => {
    for (const [, { Retry }] of tasksOf(definition))
      expect(Retry.at(-1)).toMatchObject({ ErrorEquals: ["States.ALL"], JitterStrategy: "FULL" });
  });

  test("only tasks that wait have a token, and only steps have a timeout", () => {
    for (const [name, { Resource, Arguments, TimeoutSeconds }] of tasksOf(definition)) {
      const waits = Resource.endsWith(".waitForTaskToken");
      expect("token" in Arguments.Payload).toBe(waits);
      expect(TimeoutSeconds !== undefined).toBe(waits && !name.startsWith("Park "));
    }
  });
});

test("without a pivot a failure undoes the failing step first, then the steps before it that have an undo", () => {
  expect(map(compile(step("one"), step("two", { undone: false }), step("three")))).toEqual({
    one: "two, States.ALL: Expire one",
    "Expire one": "two, StepFailed: Undo one",
    two: "three, States.ALL: Expire two",
    "Expire two": "three, StepFailed: Undo one",
    three: "Complete, States.ALL: Expire three",
    "Expire three": "Complete, StepFailed: Undo three",
    Complete: "Completed, Parked: Park Complete, StepFailed: Undo three, States.ALL: Expire Complete",
    "Expire Complete": "Completed, Parked: Park Complete, StepFailed: Undo three",
    "Park Complete": "Complete",
    "Undo one": "Abandon, States.ALL: Park Undo one",
    "Park Undo one": "Undo one",
    "Undo three": "Undo one, States.ALL: Park Undo three",
    "Park Undo three": "Undo three",
    Abandon: "Compensated, States.ALL: Park Abandon",
    "Park Abandon": "Abandon",
  });
});

test("a pivot that fails is still compensated; after it the saga only goes forward", () => {
  expect(map(compile(step("one"), step("two", { pivot: true }), step("three")))).toEqual({
    one: "two, States.ALL: Expire one",
    "Expire one": "two, StepFailed: Undo one",
    two: "three, States.ALL: Expire two",
    "Expire two": "three, StepFailed: Undo two",
    three: "Complete, Parked: Park three, States.ALL: Expire three",
    "Expire three": "three",
    "Park three": "three",
    Complete: "Completed, Parked: Park Complete, States.ALL: Expire Complete",
    "Expire Complete": "Complete",
    "Park Complete": "Complete",
    "Undo one": "Abandon, States.ALL: Park Undo one",
    "Park Undo one": "Undo one",
    "Undo two": "Undo one, States.ALL: Park Undo two",
    "Park Undo two": "Undo two",
    Abandon: "Compensated, States.ALL: Park Abandon",
    "Park Abandon": "Abandon",
  });
});

test("a choice by the input precedes an optional step and its undo", () => {
  const definition = compile(step("one"), step("two", { onlyIf: () => true }), step("three"));
  const { States, StartAt } = definition;
  const Condition = "{% 'two' in $states.context.Execution.Input.skips %}";
  expect(States["If two"]).toEqual({
    Type: "Choice",
    Choices: [{ Condition, Next: "three" }],
    Default: "two",
  });
  expect(States["If Undo two"]).toEqual({
    Type: "Choice",
    Choices: [{ Condition, Next: "Undo one" }],
    Default: "Undo two",
  });
  expect(StartAt).toBe("one");
  expect(map(definition)).toMatchObject({
    one: "If two, States.ALL: Expire one",
    "Expire one": "If two, StepFailed: Undo one",
    "Expire two": "three, StepFailed: If Undo two",
    "Undo three": "If Undo two, States.ALL: Park Undo three",
    "Undo two": "Undo one, States.ALL: Park Undo two",
  });
  expect(compile(step("one", { onlyIf: () => true })).StartAt).toBe("If one");
});

test("a step waits for its token until its timeout, and gets its instance from the input of the execution", () => {
  expect(compile(step("one", { timeoutSeconds: 900 })).States.one).toEqual({
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
    Arguments: {
      FunctionName: functionArn,
      Payload: {
        sagaId: "{% $states.context.Execution.Input.sagaId %}",
        task: "one",
        act: "run",
        token: "{% $states.context.Task.Token %}",
      },
    },
    TimeoutSeconds: 900,
    Retry: [
      { ErrorEquals: ["StepFailed", "Parked", "PermanentError", "States.Timeout"], MaxAttempts: 0 },
      {
        ErrorEquals: ["States.ALL"],
        IntervalSeconds: 1,
        BackoffRate: 2,
        MaxAttempts: 12,
        MaxDelaySeconds: 60,
        JitterStrategy: "FULL",
      },
    ],
    Catch: [{ ErrorEquals: ["States.ALL"], Next: "Expire one", Output: {} }],
    Output: {},
    Next: "Complete",
  });
});

test.each([
  ["one", "one", "run"],
  ["Expire one", "one", "expire"],
  ["Undo one", "undo-one", "run"],
  ["Park Undo one", "undo-one", "park"],
  ["Complete", "complete", "run"],
  ["Expire Complete", "complete", "expire"],
  ["Abandon", "abandon", "run"],
  ["Park Abandon", "abandon", "park"],
])("%s is the task %s, to %s", (state, task, act) => {
  expect(compile(step("one")).States[state]).toMatchObject({ Arguments: { Payload: { task, act } } });
});

test("an invalid state name is refused, with the saga", () => {
  const long = "a".repeat(72);
  expect(() => compile(step(long))).toThrow(
    `saga lending: the state name "Park Undo ${long}" has ${long.length + 10} characters; expected at most 80`,
  );
  expect(() => compile(step("Abandon"))).toThrow('saga lending: two states have the name "Abandon"');
});

const hasty = (name: string, options: Parameters<typeof step>[1] = {}) =>
  step(name, { waits: false, ...options });

describe("a step that does not wait", () => {
  test("is a task that ends when its function returns, and compensates or parks if the function says so", () => {
    const definition = compile(hasty("one"), step("two", { undone: false }));
    const { one } = definition.States;
    expect(one).toMatchObject({ Resource: "arn:aws:states:::lambda:invoke", Next: "two" });
    expect(one).not.toHaveProperty("TimeoutSeconds");
    expect(map(definition)).toMatchObject({
      one: "two, Parked: Park one, StepFailed: Undo one, States.ALL: Expire one",
      "Expire one": "two, Parked: Park one, StepFailed: Undo one",
      "Park one": "one",
    });
  });
});

describe("consecutive steps without waits", () => {
  const pay = step("pay");
  const row = [hasty("ship"), hasty("confirm", { undone: false, pivot: true })];

  test("are one task, whose states name them", () => {
    const { States } = compile(pay, ...row);
    for (const [state, act] of [
      ["ship to complete", "run"],
      ["Expire ship to complete", "expire"],
      ["Park ship to complete", "park"],
    ] as const)
      expect(States[state]).toMatchObject({
        Arguments: { Payload: { task: ["ship", "confirm", "complete"], act } },
      });
    expect(States["ship to complete"]).toMatchObject({ Resource: "arn:aws:states:::lambda:invoke" });
    expect(States.pay).toMatchObject({ Arguments: { Payload: { task: "pay" } } });
  });

  test("continue if the late step was done in the meantime", () => {
    expect(map(compile(pay, ...row))).toMatchObject({
      pay: "ship to complete, States.ALL: Expire pay",
      "ship to complete":
        "Completed, Parked: Park ship to complete, StepFailed: Undo ship, States.ALL: Expire ship to complete",
      "Expire ship to complete": "ship to complete, Parked: Park ship to complete, StepFailed: Undo ship",
      "Park ship to complete": "ship to complete",
    });
  });

  const waiting = (name: string) => step(name, { undone: false });
  const skipped = (name: string) => hasty(name, { undone: false, onlyIf: () => true });
  const plain = (name: string) => hasty(name, { undone: false });
  test.each<[why: string, steps: Steps, states: readonly string[]]>([
    ["a step that waits is alone", [plain("a"), waiting("b"), plain("c")], ["a", "b", "c to complete"]],
    [
      "a step that some instances skip is alone",
      [plain("a"), skipped("b"), plain("c")],
      ["a", "b", "c to complete"],
    ],
    ["a step with an undo begins a row", [plain("a"), hasty("b"), plain("c")], ["a", "b to complete"]],
    ["the completion follows any of them", [waiting("a"), plain("b")], ["a", "b to complete"]],
    ["the completion alone", [plain("a"), waiting("b")], ["a", "b", "Complete"]],
    ["all of them", [plain("a"), plain("b")], ["a to complete"]],
  ])("%s", (_, steps, states) => {
    const run = tasksOf(compile(...steps)).filter(([name]) => !/^(Expire|Park|Undo|Abandon)/.test(name));
    expect(run.map(([name]) => name)).toEqual(states);
  });

  test("are split before the name of the state would be too long", () => {
    const name = (letter: string, length: number) => letter.repeat(length);
    const states = (length: number) =>
      Object.keys(compile(plain(name("a", length)), plain(name("b", 34)), waiting("c")).States);
    expect(states(35)).toContain(`Expire ${name("a", 35)} to ${name("b", 34)}`);
    expect(states(36)).toContain(`Expire ${name("a", 36)}`);
    expect(states(36)).toContain(`Expire ${name("b", 34)}`);
  });
});
