/** How an execution leaves a state: its output, its variables and the next state. */
import type { Choice, Exit, State } from "../language/definition.ts";
import { EvaluationFailure, limited, StateFailure, TerminalFailure } from "../language/failure.ts";
import { scopeOf } from "./scope.ts";
import { failWith, type Position, type Step, stateOf, type Transition } from "./transition.ts";
import { booleanIn, optionalTextIn } from "./values.ts";

/** `data` is the output if the state has no Output field. `states` are further members of `$states`. */
type Result = {
  readonly data: unknown;
  readonly states?: { readonly result?: unknown; readonly errorOutput?: unknown };
};

/** Output and Assign see the same variables, with the values before the assignment. */
export const leave = async (position: Position, exit: Exit, result: Result): Promise<Step> => {
  const { running, log } = position;
  const scope = scopeOf(position, result.states ?? {});
  const data = exit.output ? await exit.output(scope) : result.data;
  // A template that is an object evaluates to an object, and the parser accepts only objects for Assign.
  const assigned = ((await exit.assign?.(scope)) ?? {}) as Readonly<Record<string, unknown>>;
  const output = limited(data, `output of the state '${running.state}'`);
  limited(assigned, "field 'Assign'");
  log.record(`${stateOf(position).type}StateExited`, { name: running.state, output });
  if (exit.next === undefined) return { kind: "end", ending: { status: "SUCCEEDED", output } };
  const variables = { ...running.variables, ...assigned };
  return { kind: "enter", running: { ...running, state: exit.next, stateInput: data, variables } };
};

export const choose = async (position: Position, { choices, otherwise }: Choice): Promise<Step> => {
  const result = { data: position.running.stateInput };
  const scope = scopeOf(position, {});
  for (const [index, { condition, next }] of choices.entries())
    if (booleanIn(`Choices[${index}]/Condition`, await condition(scope)))
      return leave(position, { next }, result);
  return leave(position, { next: otherwise }, result);
};

export const endByFail = async (position: Position, state: State & { type: "Fail" }): Promise<Transition> => {
  const scope = scopeOf(position, {});
  const values = { error: await state.error?.(scope), cause: await state.cause?.(scope) };
  const error = optionalTextIn("Error", values.error);
  const cause = optionalTextIn("Cause", values.cause);
  return {
    kind: "end",
    ending: {
      status: "FAILED",
      ...(error !== undefined && { error }),
      ...(cause !== undefined && { cause }),
    },
  };
};

/**
 * The cause of a failure within a state begins with the place, in AWS's words. A field that cannot be evaluated gets
 * its own event in the history, for every type of state.
 */
export const located = async (position: Position, work: Promise<Step> | Step): Promise<Step> => {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof StateFailure) || error.failure.error === "States.Runtime") throw error;
    const { state, enteredEvent } = position.running;
    const where = `An error occurred while executing the state '${state}' (entered at the event id #${enteredEvent}).`;
    const cause = `${where} ${error.failure.cause}`;
    if (error instanceof TerminalFailure) throw new TerminalFailure(error.failure.error, cause);
    if (!(error instanceof EvaluationFailure)) throw new StateFailure(error.failure.error, cause);
    const { location } = error;
    position.log.record("EvaluationFailed", { error: error.failure.error, cause, location, state });
    throw new EvaluationFailure(location, cause);
  }
};

/** The end of an execution whose transition threw an error. */
export const endByError = (error: unknown): Transition => {
  if (error instanceof StateFailure) return failWith(error.failure);
  return failWith({
    error: "States.Runtime",
    cause: error instanceof Error ? String(error.stack) : String(error),
  });
};
