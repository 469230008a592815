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

export type Transition =
  | { readonly kind: "wait"; readonly running: Running }
  | { readonly kind: "end"; readonly ending: Ending };

/** What stays the same while one execution is moved on. */
export type ExecutionContext = {
  readonly arn: string;
  readonly machine: Machine;
  readonly definition: Definition;
  readonly log: Log;
};

type Move = Transition | { readonly kind: "enter"; readonly running: Running };

/** Each answers where the execution rests next. None throws: what nobody foresaw ends the execution. */
export type Interpreter = {
  /** Enters the state that it is about to enter. */
  readonly enter: (context: ExecutionContext, running: Running) => Promise<Transition>;
  /** Tries its task again, with a new token. */
  readonly retry: (context: ExecutionContext, running: Running) => Promise<Transition>;
  readonly succeed: (context: ExecutionContext, running: Running, result: unknown) => Promise<Transition>;
  readonly fail: (context: ExecutionContext, running: Running, failure: Failure) => Promise<Transition>;
};

export const interpreter = (now: () => number, random: () => number): Interpreter => {
  const visit = async (context: ExecutionContext, before: Running): Promise<Move> => {
    const state = stateOf(context, before);
    const input = limited(before.stateInput, `input of the state '${before.state}'`);
    const enteredEvent = context.log.record(`${state.type}StateEntered`, { name: before.state, input });
    const running = { ...before, enteredAt: now(), enteredEvent, retries: [] };
    switch (state.type) {
      case "Task":
        return attempt(context, running);
      case "Pass":
      case "Succeed":
        return located(context, running, leave(context, running, state, {}, running.stateInput));
      case "Choice":
        return located(context, running, choose(context, running, state));
      case "Fail":
        return located(context, running, endByFail(context, running, state));
    }
  };

  const attempt = async (context: ExecutionContext, running: Running): Promise<Move> => {
    const task = taskOf(context, running);
    const token = task.waitsForToken ? newToken(context.arn) : undefined;
    const scope = scopeOf(context, running, {}, token);
    return attemptOrFail(context, running, async () => {
      const functionName = named(await task.functionName(scope));
      const payload = await task.payload(scope);
      const parameters = limited({ FunctionName: functionName, Payload: payload }, "field 'Arguments'");
      const timeoutInSeconds = task.timeoutSeconds && seconds(await task.timeoutSeconds(scope));
      context.log.record("TaskScheduled", { ...resourceOf(task), parameters, timeoutInSeconds });
      context.log.record("TaskStarted", resourceOf(task));
      const deadline = timeoutInSeconds && now() + 1000 * timeoutInSeconds;
      return wait(context, { ...running, rest: { kind: "task", functionName, payload, token, deadline } });
    });
  };

  const succeedTask = (context: ExecutionContext, running: Running, result: unknown): Promise<Move> => {
    const task = taskOf(context, running);
    return attemptOrFail(context, running, () => {
      context.log.record("TaskSucceeded", { ...resourceOf(task), output: JSON.stringify(result) });
      return leave(context, running, task, { result }, result);
    });
  };

  const failTask = (context: ExecutionContext, running: Running, failure: Failure): Promise<Move> => {
    const type = failure.error === "States.Timeout" ? "TaskTimedOut" : "TaskFailed";
    context.log.record(type, { ...resourceOf(taskOf(context, running)), ...failure });
    return recover(context, running, failure);
  };

  /** An expression of the task that fails is retried and caught as a failure of its function is. */
  const attemptOrFail = async (
    context: ExecutionContext,
    running: Running,
    work: () => Promise<Move> | Move,
  ) => {
    try {
      return await located(context, running, work());
    } catch (error) {
      if (!(error instanceof StateFailure) || error instanceof TerminalFailure) throw error;
      return recover(context, running, error.failure);
    }
  };

  const recover = async (context: ExecutionContext, running: Running, failure: Failure): Promise<Move> => {
    const task = taskOf(context, running);
    const again = retryOf(task.retry, running.retries, failure.error, random);
    if (again) {
      const until = now() + again.delayMilliseconds;
      return wait(context, { ...running, retries: again.retries, rest: { kind: "retrying", until } });
    }
    const catcher = task.catch.find(({ errorEquals }) => matches(errorEquals, failure.error));
    if (!catcher) return endBy(failure);
    const errorOutput = { Error: failure.error, Cause: failure.cause ?? "" };
    return located(context, running, leave(context, running, catcher, { errorOutput }, errorOutput));
  };

  /** Goes on until the execution rests or ends. */
  const settle = async (
    context: ExecutionContext,
    first: () => Promise<Move> | Move,
  ): Promise<Transition> => {
    try {
      let move = await first();
      while (move.kind === "enter") move = await visit(context, move.running);
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
    enter: (context, running) => settle(context, () => ({ kind: "enter", running })),
    retry: (context, running) => settle(context, () => attempt(context, running)),
    succeed: (context, running, result) => settle(context, () => succeedTask(context, running, result)),
    fail: (context, running, failure) => settle(context, () => failTask(context, running, failure)),
  };
};

const wait = (context: ExecutionContext, running: Running): Transition => ({
  kind: "wait",
  running: { ...running, events: context.log.count() },
});

/**
 * Also if a task has timed out: TIMED_OUT is said of an execution that is over its own time, not of one whose task is
 * (localstack/localstack, test_timeouts.snapshot.json, test_fixed_timeout_service_lambda: TaskTimedOut, then
 * ExecutionFailed, both with the error States.Timeout and no cause).
 */
const endBy = (failure: Failure): Transition => ({ kind: "end", ending: { status: "FAILED", ...failure } });

const endByFail = async (
  context: ExecutionContext,
  running: Running,
  state: State & { type: "Fail" },
): Promise<Transition> => {
  const scope = scopeOf(context, running, {});
  const [error, cause] = [await state.error?.(scope), await state.cause?.(scope)];
  return { kind: "end", ending: { status: "FAILED", ...textMembers({ error, cause }) } };
};

const choose = async (
  context: ExecutionContext,
  running: Running,
  { choices, otherwise }: Choice,
): Promise<Move> => {
  const scope = scopeOf(context, running, {});
  for (const [index, { condition, next }] of choices.entries()) {
    const holds = await condition(scope);
    if (typeof holds !== "boolean") throw wrongType(`Choices[${index}]/Condition`, "a boolean", holds);
    if (holds) return leave(context, running, { next }, {}, running.stateInput);
  }
  return leave(context, running, { next: otherwise }, {}, running.stateInput);
};

/** Output and Assign see the same variables: the ones from before. */
const leave = async (
  context: ExecutionContext,
  running: Running,
  exit: Exit,
  states: { readonly result?: unknown; readonly errorOutput?: unknown },
  otherwise: unknown,
): Promise<Move> => {
  const scope = scopeOf(context, running, states);
  const data = exit.output ? await exit.output(scope) : otherwise;
  // A template of an object evaluates to an object, and the parser takes no other for Assign.
  const assigned = ((await exit.assign?.(scope)) ?? {}) as Readonly<Record<string, unknown>>;
  const output = limited(data, `output of the state '${running.state}'`);
  limited(assigned, "field 'Assign'");
  context.log.record(`${stateOf(context, running).type}StateExited`, { name: running.state, output });
  if (exit.next === undefined) return { kind: "end", ending: { status: "SUCCEEDED", output } };
  const variables = { ...running.variables, ...assigned };
  return { kind: "enter", running: { ...running, state: exit.next, stateInput: data, variables } };
};

const scopeOf = (
  context: ExecutionContext,
  running: Running,
  states: Scope["states"],
  token?: string,
): Scope => ({
  states: {
    input: running.stateInput,
    context: contextOf(context.arn, running, context.machine, token),
    ...states,
  },
  variables: running.variables,
});

/**
 * The cause of a failure within a state begins with its place, as AWS words it. A field that cannot be evaluated is an
 * event of its own in the history, whatever the type of the state.
 */
const located = async (
  context: ExecutionContext,
  running: Running,
  work: Promise<Move> | Move,
): Promise<Move> => {
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
    context.log.record("EvaluationFailed", { error: error.failure.error, cause, location, state });
    throw new EvaluationFailure(location, cause);
  }
};

const stateOf = ({ definition, machine }: ExecutionContext, { state }: Running): State => {
  const found = definition.states.get(state);
  if (!found) throw new Error(`state machine ${machine.name}: there is no state ${state}`);
  return found;
};

const taskOf = (context: ExecutionContext, running: Running): Task => {
  const state = stateOf(context, running);
  if (state.type !== "Task")
    throw new Error(`state machine ${context.machine.name}: ${running.state} is no Task`);
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
