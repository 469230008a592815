/**
 * A saga as a Step Functions state machine. It has at most one transition per step, and its state holds ids only. The next
 * state depends on the result of the saga's function: success, the error `StepFailed` (compensate), or the error `Parked`
 * (wait for an operator). The only choices in the machine skip the steps that its input names.
 */
import type { AnySaga, Step } from "../../model/saga.ts";
import { choice } from "./choice-state.ts";
import { type MachineOptions, type States, statesOf } from "./machine-states.ts";
import type { Definition } from "./task-state.ts";

const nameLengthMax = 80;
const fits = (name: string): boolean => name.length <= nameLengthMax;

type Part = Pick<Step<never>, "name" | "waits" | "onlyIf" | "undo"> &
  Partial<Pick<Step<never>, "timeoutSeconds">>;

/** Steps that one task runs in a row. */
type Row = {
  readonly parts: readonly [Part, ...Part[]];
  /** The index of the first step. */
  readonly index: number;
};

/** The completion is the last step. It has no undo and waits for no answer. */
const completion: Part = { name: "complete", waits: false };

const stateOf = ({ parts }: Row): string => {
  const [first, ...others] = parts;
  const last = others.at(-1);
  if (last) return `${first.name} to ${last.name}`;
  return first === completion ? "Complete" : first.name;
};

const isPlain = ({ waits, onlyIf }: Part): boolean => waits === false && onlyIf === undefined;

/**
 * Groups steps into tasks, because each transition and each invocation costs money. Steps share a task if none of them
 * waits, none is optional, and only the first has an undo, so that a failure of any leads to the same compensation.
 */
const rowsOf = (parts: readonly Part[]): readonly Row[] => {
  const rows: Row[] = [];
  for (const [index, part] of parts.entries()) {
    const before = rows.at(-1);
    const together = before && { ...before, parts: [...before.parts, part] as const };
    const joins = together?.parts.every(isPlain) && !part.undo && fits(`Expire ${stateOf(together)}`);
    if (together && joins) rows[rows.length - 1] = together;
    else rows.push({ parts: [part], index });
  }
  return rows;
};

/** The first state of a step: the choice state if the step is optional. */
const entryOf = (state: string, { onlyIf }: Part): string => (onlyIf ? `If ${state}` : state);

const chosen = (state: string, step: Part, skipped: string): States =>
  step.onlyIf ? [[entryOf(state, step), choice(step.name, { skipped, taken: state })]] : [];

const checked = (saga: AnySaga, states: States): Definition["States"] => {
  const names = states.map(([name]) => name);
  for (const [index, name] of names.entries()) {
    if (!fits(name))
      throw new Error(
        `saga ${saga.name}: the state name "${name}" has ${name.length} characters; expected at most ${nameLengthMax}: shorten the name of its step`,
      );
    if (names.indexOf(name) < index)
      throw new Error(`saga ${saga.name}: two states have the name "${name}"; rename one of the steps`);
  }
  return Object.fromEntries(states);
};

/**
 * The input of an execution is `{ sagaId, execution, skips? }`: `execution` is its own name, `skips` the steps that the
 * instance skips. Throws if two states would have the same name, or if a name is too long.
 */
export const toStateMachine = (saga: AnySaga, options: MachineOptions): Definition => {
  const { name, steps } = saga;
  const { forwardStates, compensatingStates, ends } = statesOf(options);
  const rows = rowsOf([...steps, completion]);
  const pivot = steps.findIndex((step) => step.pivot);
  /** The index of the last step that can be undone. Steps after the pivot are never undone. */
  const last = pivot >= 0 ? pivot : steps.length;
  const undoOf = (index: number): string => {
    const step = steps.slice(0, index + 1).findLast(({ undo }) => undo);
    return step ? entryOf(`Undo ${step.name}`, step) : "Abandon";
  };
  const rowAt = (index: number): string => {
    const row = rows[index];
    return row ? entryOf(stateOf(row), row.parts[0]) : "Completed";
  };
  const states: States = [
    ...rows.flatMap((row, place) => {
      const { parts, index } = row;
      const [first, ...others] = parts;
      const [state, next] = [stateOf(row), rowAt(place + 1)];
      return [
        ...chosen(state, first, next),
        ...forwardStates({
          name: others.length > 0 ? parts.map(({ name }) => name) : first.name,
          state,
          timeoutSeconds: first.waits === false ? undefined : first.timeoutSeconds,
          next,
          onFailure: index <= last ? undoOf(index) : undefined,
        }),
      ];
    }),
    ...steps.slice(0, last + 1).flatMap((step, index) => {
      if (!step.undo) return [];
      const [state, next] = [`Undo ${step.name}`, undoOf(index - 1)];
      return [
        ...chosen(state, step, next),
        ...compensatingStates({ name: `undo-${step.name}`, state, next }),
      ];
    }),
    ...compensatingStates({ name: "abandon", state: "Abandon", next: "Compensated" }),
    ...ends,
  ];
  return {
    Comment: `The saga ${name}`,
    QueryLanguage: "JSONata",
    StartAt: rowAt(0),
    States: checked(saga, states),
  };
};
