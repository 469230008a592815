/** A Task state. Its function is invoked, and answers or fails. A failure is retried, caught, or ends the execution. */

import type { Running } from "../executions/execution.ts";
import { newToken } from "../executions/execution-arn.ts";
import type { Task } from "../language/definition.ts";
import { type Failure, limited, matches, StateFailure, TerminalFailure } from "../language/failure.ts";
import { retryOf } from "../language/retry.ts";
import { leave, located } from "./leave.ts";
import { scopeOf } from "./scope.ts";
import { failWith, type Position, type Step, stateOf, wait } from "./transition.ts";
import { functionNameIn, secondsIn } from "./values.ts";

type TaskSteps = {
  /** Waits for the function, with a new token. */
  readonly attempt: (position: Position) => Promise<Step>;
  readonly succeed: (position: Position, result: unknown) => Promise<Step>;
  readonly fail: (position: Position, failure: Failure) => Promise<Step>;
};

export const taskSteps = (now: () => number, random: () => number): TaskSteps => {
  const recover = async (position: Position, failure: Failure): Promise<Step> => {
    const { running } = position;
    const task = taskOf(position);
    const retry = retryOf(task.retry, { retries: running.retries, error: failure.error, random });
    if (retry) {
      const until = now() + retry.delayMilliseconds;
      return wait(position, { ...running, retries: retry.retries, rest: { kind: "retrying", until } });
    }
    const catcher = task.catch.find(({ errorEquals }) => matches(errorEquals, failure.error));
    if (!catcher) return failWith(failure);
    const errorOutput = { Error: failure.error, Cause: failure.cause ?? "" };
    return located(position, leave(position, catcher, { data: errorOutput, states: { errorOutput } }));
  };

  /** A failure of an expression of the task is retried and caught like a failure of its function. */
  const orRecover = async (position: Position, work: Promise<Step>) => {
    try {
      return await located(position, work);
    } catch (error) {
      if (!(error instanceof StateFailure) || error instanceof TerminalFailure) throw error;
      return recover(position, error.failure);
    }
  };

  return {
    attempt: (position) => orRecover(position, schedule(position, now)),
    succeed: (position, result) => orRecover(position, complete(position, result)),
    fail: (position, failure) => {
      const type = failure.error === "States.Timeout" ? "TaskTimedOut" : "TaskFailed";
      position.log.record(type, { ...resourceOf(taskOf(position)), ...failure });
      return recover(position, failure);
    },
  };
};

const schedule = async (position: Position, now: () => number): Promise<Step> => {
  const { arn, log, running } = position;
  const task = taskOf(position);
  const token = task.waitsForToken ? newToken(arn) : undefined;
  const scope = scopeOf(position, {}, token);
  const functionName = functionNameIn(await task.functionName(scope));
  const payload = await task.payload(scope);
  const parameters = limited({ FunctionName: functionName, Payload: payload }, "field 'Arguments'");
  const timeoutInSeconds = task.timeoutSeconds && secondsIn(await task.timeoutSeconds(scope));
  log.record("TaskScheduled", { ...resourceOf(task), parameters, timeoutInSeconds });
  log.record("TaskStarted", resourceOf(task));
  const deadline = timeoutInSeconds && now() + 1000 * timeoutInSeconds;
  const rest: Running["rest"] = { kind: "task", functionName, payload, token, deadline };
  return wait(position, { ...running, rest });
};

const complete = async (position: Position, result: unknown): Promise<Step> => {
  const task = taskOf(position);
  position.log.record("TaskSucceeded", { ...resourceOf(task), output: JSON.stringify(result) });
  return leave(position, task, { data: result, states: { result } });
};

const taskOf = (position: Position): Task => {
  const state = stateOf(position);
  if (state.type === "Task") return state;
  throw new Error(`state machine ${position.machine.name}: ${position.running.state} is not a Task`);
};

const resourceOf = ({ waitsForToken }: Task) => ({
  resourceType: "lambda",
  resource: waitsForToken ? "invoke.waitForTaskToken" : "invoke",
});
