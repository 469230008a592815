/**
 * A saga as a state machine of Step Functions: one transition a step, ids and not payloads in its state, and no
 * choice of its own but to skip what its input says. Which state is next follows from what the saga's one function
 * answers: it returned, it failed with `StepFailed` (turn back), or with `Parked` (wait for an operator).
 */
import { type AnySaga, type Step, stepsThatWait } from "../model/saga.ts";
import { choice } from "./choice-state.ts";
import { type MachineOptions, type States, statesOf } from "./machine-states.ts";
import type { Definition } from "./task-state.ts";

const nameLengthMax = 80;

/** Where the way to a state begins: of a step that not every instance has, with a choice. */
const entryOf = (state: string, { onlyIf }: Step<never>): string => (onlyIf ? `If ${state}` : state);

const chosen = (state: string, step: Step<never>, skipped: string): States =>
  step.onlyIf ? [[entryOf(state, step), choice(step.name, { skipped, taken: state })]] : [];

const checked = (saga: AnySaga, states: States): Definition["States"] => {
  const names = states.map(([name]) => name);
  for (const [index, name] of names.entries()) {
    if (name.length > nameLengthMax)
      throw new Error(`saga ${saga.name}: the state "${name}" has more than ${nameLengthMax} characters`);
    if (names.indexOf(name) < index) throw new Error(`saga ${saga.name}: there are two states "${name}"`);
  }
  return Object.fromEntries(states);
};

const refuseToWait = (saga: AnySaga): void => {
  const waiting = stepsThatWait(saga);
  if (waiting.length > 0)
    throw new Error(
      `saga ${saga.name} cannot run on Express, which has nothing to wait with: ${waiting.join(", ")} may wait`,
    );
};

/**
 * Its executions take `{ sagaId, execution }`, the name that they were started by, and `skips` where the instance
 * skips steps. Throws where the saga's names make no state machine, and where Express should wait.
 */
export const toStateMachine = (saga: AnySaga, options: MachineOptions): Definition => {
  const { name, steps } = saga;
  const { isExpress, forth, back, ends } = statesOf(options);
  if (isExpress) refuseToWait(saga);
  const pivot = steps.findIndex((step) => step.pivot);
  /** The last that is undone: after the pivot nothing is. */
  const last = pivot >= 0 ? pivot : steps.length - 1;
  const undoOf = (index: number): string => {
    const step = steps.slice(0, index + 1).findLast(({ undo }) => undo);
    return step ? entryOf(`Undo ${step.name}`, step) : "Abandon";
  };
  const stepAt = (index: number): string => {
    const step = steps[index];
    return step ? entryOf(step.name, step) : "Complete";
  };
  const states: States = [
    ...steps.flatMap((step, index) => [
      ...chosen(step.name, step, stepAt(index + 1)),
      ...forth({
        name: step.name,
        state: step.name,
        timeoutSeconds: step.waits === false ? undefined : step.timeoutSeconds,
        next: stepAt(index + 1),
        back: index <= last ? undoOf(index) : undefined,
      }),
    ]),
    ...forth({
      name: "complete",
      state: "Complete",
      timeoutSeconds: undefined,
      next: "Completed",
      back: pivot >= 0 ? undefined : undoOf(last),
    }),
    ...steps.slice(0, last + 1).flatMap((step, index) => {
      if (!step.undo) return [];
      const [state, next] = [`Undo ${step.name}`, undoOf(index - 1)];
      return [...chosen(state, step, next), ...back({ name: `undo-${step.name}`, state, next })];
    }),
    ...back({ name: "abandon", state: "Abandon", next: "Compensated" }),
    ...ends,
  ];
  return {
    Comment: `The saga ${name}`,
    QueryLanguage: "JSONata",
    StartAt: stepAt(0),
    States: checked(saga, states),
  };
};
