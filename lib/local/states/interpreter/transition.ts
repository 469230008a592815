/** A transition of an execution: the state where it starts, and the wait or the end that it leads to. */
import type { Ending, Machine, Running } from "../executions/execution.ts";
import type { HistoryLog } from "../executions/history.ts";
import type { Definition, State } from "../language/definition.ts";
import type { Failure } from "../language/failure.ts";

export type Transition =
  | { readonly kind: "wait"; readonly running: Running }
  | { readonly kind: "end"; readonly ending: Ending };

/** Leads to a wait, to the end, or to a state that is entered at once. */
export type Step = Transition | { readonly kind: "enter"; readonly running: Running };

/** The values that do not change during a transition. */
export type ExecutionContext = {
  readonly arn: string;
  readonly machine: Machine;
  readonly definition: Definition;
  readonly log: HistoryLog;
};

/** An execution in one of its states. */
export type Position = ExecutionContext & { readonly running: Running };

export const wait = ({ log }: Position, running: Running): Transition => ({
  kind: "wait",
  running: { ...running, events: log.count() },
});

/**
 * This is also the end for a task that has timed out. TIMED_OUT is for an execution that exceeds its own timeout
 * (localstack/localstack, test_timeouts.snapshot.json, test_fixed_timeout_service_lambda: TaskTimedOut, then
 * ExecutionFailed, both with the error States.Timeout and no cause).
 */
export const failWith = (failure: Failure): Transition => ({
  kind: "end",
  ending: { status: "FAILED", ...failure },
});

export const stateOf = ({ definition, machine, running: { state } }: Position): State => {
  const found = definition.states.get(state);
  if (!found) throw new Error(`state machine ${machine.name}: there is no state ${state}`);
  return found;
};
