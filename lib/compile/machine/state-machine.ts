/**
 * A saga as a state machine of Step Functions: at most one transition a step, ids and not payloads in its state, and
 * no choice of its own but to skip what its input says. Which state is next follows from what the saga's one function
 * answers: it returned, it failed with `StepFailed` (turn back), or with `Parked` (wait for an operator).
 */
import { type AnySaga, type Step, stepsThatWait } from "../../model/saga.ts";
import { choice } from "./choice-state.ts";
import { type MachineOptions, type States, statesOf } from "./machine-states.ts";
import type { Definition } from "./task-state.ts";

const nameLengthMax = 80;
const fits = (name: string): boolean => name.length <= nameLengthMax;

type Part = Pick<Step<never>, "name" | "waits" | "onlyIf" | "undo"> &
  Partial<Pick<Step<never>, "timeoutSeconds">>;

/** Steps that one task does in a row. */
type Row = {
  readonly parts: readonly [Part, ...Part[]];
  /** The index of the first. */
  readonly index: number;
};

/** As the last step of all; it has no undo, and nobody waits for it. */
const completion: Part = { name: "complete", waits: false };

const stateOf = ({ parts }: Row): string => {
  const [first, ...others] = parts;
  const last = others.at(-1);
  if (last) return `${first.name} to ${last.name}`;
  return first === completion ? "Complete" : first.name;
};

const isPlain = ({ waits, onlyIf }: Part): boolean => waits === false && onlyIf === undefined;

/**
 * One task does several steps, for each transition and each call is paid for: those in which nobody waits, which all
 * instances have, and after which the way back is the same, for only the first has an undo.
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

/** Where the way to a state begins: of a step that not every instance has, with a choice. */
const entryOf = (state: string, { onlyIf }: Part): string => (onlyIf ? `If ${state}` : state);

const chosen = (state: string, step: Part, skipped: string): States =>
  step.onlyIf ? [[entryOf(state, step), choice(step.name, { skipped, taken: state })]] : [];

const checked = (saga: AnySaga, states: States): Definition["States"] => {
  const names = states.map(([name]) => name);
  for (const [index, name] of names.entries()) {
    if (!fits(name))
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
  const { isExpress, forwardStates, compensatingStates, ends } = statesOf(options);
  if (isExpress) refuseToWait(saga);
  const rows = rowsOf([...steps, completion]);
  const pivot = steps.findIndex((step) => step.pivot);
  /** The last that is undone: after the pivot nothing is. */
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
