/**
 * The states language. From a wait of an execution, and the event that ended it, the interpreter finds the next wait or
 * the end. It stores and starts nothing. It reads the clock and writes the history.
 */
import type { Running } from "../executions/execution.ts";
import { type Failure, limited } from "../language/failure.ts";
import { choose, endByError, endByFail, leave, located } from "./leave.ts";
import { taskSteps } from "./task.ts";
import { type ExecutionContext, type Position, type Step, stateOf, type Transition } from "./transition.ts";

/**
 * Each method returns the next wait or the end of the execution. None throws: an unexpected error ends the execution.
 */
export type Interpreter = {
  /** Enters the state that the execution waits to enter. */
  readonly enter: (context: ExecutionContext, running: Running) => Promise<Transition>;
  /** Starts another attempt of the task, with a new token. */
  readonly retry: (context: ExecutionContext, running: Running) => Promise<Transition>;
  readonly succeed: (context: ExecutionContext, running: Running, result: unknown) => Promise<Transition>;
  readonly fail: (context: ExecutionContext, running: Running, failure: Failure) => Promise<Transition>;
};

export const interpreter = (now: () => number, random: () => number): Interpreter => {
  const task = taskSteps(now, random);

  const visit = async (context: ExecutionContext, before: Running): Promise<Step> => {
    const state = stateOf({ ...context, running: before });
    const input = limited(before.stateInput, `input of the state '${before.state}'`);
    const enteredEvent = context.log.record(`${state.type}StateEntered`, { name: before.state, input });
    const running = { ...before, enteredAt: now(), enteredEvent, retries: [] };
    const position: Position = { ...context, running };
    switch (state.type) {
      case "Task":
        return task.attempt(position);
      case "Pass":
      case "Succeed":
        return located(position, leave(position, state, { data: running.stateInput }));
      case "Choice":
        return located(position, choose(position, state));
      case "Fail":
        return located(position, endByFail(position, state));
    }
  };

  /** Continues until the execution waits or ends. */
  const settle = async (
    context: ExecutionContext,
    first: () => Promise<Step> | Step,
  ): Promise<Transition> => {
    try {
      let step = await first();
      while (step.kind === "enter") step = await visit(context, step.running);
      return step;
    } catch (error) {
      return endByError(error);
    }
  };

  return {
    enter: (context, running) => settle(context, () => ({ kind: "enter", running })),
    retry: (context, running) => settle(context, () => task.attempt({ ...context, running })),
    succeed: (context, running, result) =>
      settle(context, () => task.succeed({ ...context, running }, result)),
    fail: (context, running, failure) => settle(context, () => task.fail({ ...context, running }, failure)),
  };
};
