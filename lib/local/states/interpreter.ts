/**
 * The states language: from a place where an execution rests, and what has happened there, to the next
 * place or to the end. It keeps nothing and starts nothing; it reads the clock and writes the history.
 */

import { contextOf, type Ending, type Machine, newToken, type Running } from "./execution.ts";
import type { Log } from "./history.ts";
import type { Choice, Definition, Exit, State, Task } from "./language/definition.ts";
import {
  EvaluationFailure,
  type Failure,
  limited,
  matches,
  StateFailure,
  TerminalFailure,
} from "./language/failure.ts";
import type { Scope } from "./language/jsonata.ts";
import { retryOf } from "./language/retry.ts";

export type Turn =
  | { readonly kind: "rest"; readonly running: Running }
  | { readonly kind: "end"; readonly ending: Ending };

/** What stays the same while one execution is moved on. */
export type Course = {
  readonly arn: string;
  readonly machine: Machine;
  readonly definition: Definition;
  readonly log: Log;
};

type Move = Turn | { readonly kind: "enter"; readonly running: Running };

/** Each answers where the execution rests next. None throws: what nobody foresaw ends the execution. */
export type Interpreter = {
  /** Enters the state that it is about to enter. */
  readonly enter: (course: Course, running: Running) => Promise<Turn>;
  /** Tries its task again, with a new token. */
  readonly retry: (course: Course, running: Running) => Promise<Turn>;
  readonly succeed: (course: Course, running: Running, result: unknown) => Promise<Turn>;
  readonly fail: (course: Course, running: Running, failure: Failure) => Promise<Turn>;
};

export const interpreter = (now: () => number, random: () => number): Interpreter => {
  const visit = async (course: Course, before: Running): Promise<Move> => {
    const state = stateOf(course, before);
    const input = limited(before.stateInput, `input of the state '${before.state}'`);
    const enteredEvent = course.log.note(`${state.type}StateEntered`, { name: before.state, input });
    const running = { ...before, enteredAt: now(), enteredEvent, retries: [] };
    switch (state.type) {
      case "Task":
        return attempt(course, running);
      case "Pass":
      case "Succeed":
        return located(course, running, leave(course, running, state, {}, running.stateInput));
      case "Choice":
        return located(course, running, choose(course, running, state));
      case "Fail":
        return located(course, running, endByFail(course, running, state));
    }
  };

  const attempt = async (course: Course, running: Running): Promise<Move> => {
    const task = taskOf(course, running);
    const token = task.waitsForToken ? newToken(course.arn) : undefined;
    const scope = scopeOf(course, running, {}, token);
    return attemptOrFail(course, running, async () => {
      const functionName = named(await task.functionName(scope));
      const payload = await task.payload(scope);
      const parameters = limited({ FunctionName: functionName, Payload: payload }, "field 'Arguments'");
      const timeoutInSeconds = task.timeoutSeconds && seconds(await task.timeoutSeconds(scope));
      course.log.note("TaskScheduled", { ...resourceOf(task), parameters, timeoutInSeconds });
      course.log.note("TaskStarted", resourceOf(task));
      const deadline = timeoutInSeconds && now() + 1000 * timeoutInSeconds;
      return rest(course, { ...running, rest: { kind: "task", functionName, payload, token, deadline } });
    });
  };

  const succeedTask = (course: Course, running: Running, result: unknown): Promise<Move> => {
    const task = taskOf(course, running);
    return attemptOrFail(course, running, () => {
      course.log.note("TaskSucceeded", { ...resourceOf(task), output: JSON.stringify(result) });
      return leave(course, running, task, { result }, result);
    });
  };

  const failTask = (course: Course, running: Running, failure: Failure): Promise<Move> => {
    const type = failure.error === "States.Timeout" ? "TaskTimedOut" : "TaskFailed";
    course.log.note(type, { ...resourceOf(taskOf(course, running)), ...failure });
    return recover(course, running, failure);
  };

  /** An expression of the task that fails is retried and caught as a failure of its function is. */
  const attemptOrFail = async (course: Course, running: Running, work: () => Promise<Move> | Move) => {
    try {
      return await located(course, running, work());
    } catch (error) {
      if (!(error instanceof StateFailure) || error instanceof TerminalFailure) throw error;
      return recover(course, running, error.failure);
    }
  };

  const recover = async (course: Course, running: Running, failure: Failure): Promise<Move> => {
    const task = taskOf(course, running);
    const again = retryOf(task.retry, running.retries, failure.error, random);
    if (again) {
      const until = now() + again.delayMilliseconds;
      return rest(course, { ...running, retries: again.retries, rest: { kind: "retrying", until } });
    }
    const catcher = task.catch.find(({ errorEquals }) => matches(errorEquals, failure.error));
    if (!catcher) return endBy(failure);
    const errorOutput = { Error: failure.error, Cause: failure.cause ?? "" };
    return located(course, running, leave(course, running, catcher, { errorOutput }, errorOutput));
  };

  /** Goes on until the execution rests or ends. */
  const settle = async (course: Course, first: () => Promise<Move> | Move): Promise<Turn> => {
    try {
      let move = await first();
      while (move.kind === "enter") move = await visit(course, move.running);
      return move;
    } catch (error) {
      if (error instanceof StateFailure) return endBy(error.failure);
      return endBy({
        error: "States.Runtime",
        cause: error instanceof Error ? String(error.stack) : String(error),
      });
    }
  };

  return {
    enter: (course, running) => settle(course, () => ({ kind: "enter", running })),
    retry: (course, running) => settle(course, () => attempt(course, running)),
    succeed: (course, running, result) => settle(course, () => succeedTask(course, running, result)),
    fail: (course, running, failure) => settle(course, () => failTask(course, running, failure)),
  };
};

const rest = (course: Course, running: Running): Turn => ({
  kind: "rest",
  running: { ...running, events: course.log.count() },
});

/**
 * Also if a task has timed out: TIMED_OUT is said of an execution that is over its own time, not of one whose task is
 * (localstack/localstack, test_timeouts.snapshot.json, test_fixed_timeout_service_lambda: TaskTimedOut, then
 * ExecutionFailed, both with the error States.Timeout and no cause).
 */
const endBy = (failure: Failure): Turn => ({ kind: "end", ending: { status: "FAILED", ...failure } });

const endByFail = async (
  course: Course,
  running: Running,
  state: State & { type: "Fail" },
): Promise<Turn> => {
  const scope = scopeOf(course, running, {});
  const [error, cause] = [await state.error?.(scope), await state.cause?.(scope)];
  return { kind: "end", ending: { status: "FAILED", ...textMembers({ error, cause }) } };
};

const choose = async (course: Course, running: Running, { choices, otherwise }: Choice): Promise<Move> => {
  const scope = scopeOf(course, running, {});
  for (const [index, { condition, next }] of choices.entries()) {
    const holds = await condition(scope);
    if (typeof holds !== "boolean") throw wrongType(`Choices[${index}]/Condition`, "a boolean", holds);
    if (holds) return leave(course, running, { next }, {}, running.stateInput);
  }
  return leave(course, running, { next: otherwise }, {}, running.stateInput);
};

/** Output and Assign see the same variables: the ones from before. */
const leave = async (
  course: Course,
  running: Running,
  exit: Exit,
  states: { readonly result?: unknown; readonly errorOutput?: unknown },
  otherwise: unknown,
): Promise<Move> => {
  const scope = scopeOf(course, running, states);
  const data = exit.output ? await exit.output(scope) : otherwise;
  // A template of an object evaluates to an object, and the parser takes no other for Assign.
  const assigned = ((await exit.assign?.(scope)) ?? {}) as Readonly<Record<string, unknown>>;
  const output = limited(data, `output of the state '${running.state}'`);
  limited(assigned, "field 'Assign'");
  course.log.note(`${stateOf(course, running).type}StateExited`, { name: running.state, output });
  if (exit.next === undefined) return { kind: "end", ending: { status: "SUCCEEDED", output } };
  const variables = { ...running.variables, ...assigned };
  return { kind: "enter", running: { ...running, state: exit.next, stateInput: data, variables } };
};

const scopeOf = (course: Course, running: Running, states: Scope["states"], token?: string): Scope => ({
  states: {
    input: running.stateInput,
    context: contextOf(course.arn, running, course.machine, token),
    ...states,
  },
  variables: running.variables,
});

/**
 * The cause of a failure within a state begins with its place, as AWS words it. A field that cannot be evaluated is an
 * event of its own in the history, whatever the type of the state.
 */
const located = async (course: Course, running: Running, work: Promise<Move> | Move): Promise<Move> => {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof StateFailure) || error.failure.error === "States.Runtime") throw error;
    const { state, enteredEvent } = running;
    const where = `An error occurred while executing the state '${state}' (entered at the event id #${enteredEvent}).`;
    const cause = `${where} ${error.failure.cause}`;
    if (error instanceof TerminalFailure) throw new TerminalFailure(error.failure.error, cause);
    if (!(error instanceof EvaluationFailure)) throw new StateFailure(error.failure.error, cause);
    const { location } = error;
    course.log.note("EvaluationFailed", { error: error.failure.error, cause, location, state });
    throw new EvaluationFailure(location, cause);
  }
};

const stateOf = ({ definition, machine }: Course, { state }: Running): State => {
  const found = definition.states.get(state);
  if (!found) throw new Error(`state machine ${machine.name}: there is no state ${state}`);
  return found;
};

const taskOf = (course: Course, running: Running): Task => {
  const state = stateOf(course, running);
  if (state.type !== "Task")
    throw new Error(`state machine ${course.machine.name}: ${running.state} is no Task`);
  return state;
};

const resourceOf = ({ waitsForToken }: Task) => ({
  resourceType: "lambda",
  resource: waitsForToken ? "invoke.waitForTaskToken" : "invoke",
});

const wrongType = (field: string, expected: string, value: unknown) =>
  new EvaluationFailure(
    field,
    `The field '${field}' has an unexpected value. Expected ${expected}, but was: ${JSON.stringify(value)}`,
  );

const named = (value: unknown): string => {
  if (typeof value === "string" && value !== "") return value;
  throw wrongType("Arguments/FunctionName", "a string", value);
};

const seconds = (value: unknown): number => {
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  throw wrongType("TimeoutSeconds", "a positive integer", value);
};

const textMembers = (members: Readonly<Record<"error" | "cause", unknown>>) =>
  Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) => {
      if (value === undefined) return [];
      if (typeof value !== "string") throw wrongType(name === "error" ? "Error" : "Cause", "a string", value);
      return [[name, value]];
    }),
  );
