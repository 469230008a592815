/**
 * A saga as a state machine of Step Functions: one transition a step, ids and not payloads in its state, and no
 * choice of its own but to skip what its input says. Which state is next follows from what the saga's one function
 * answers: it returned, it failed with `StepFailed` (turn back), or with `Parked` (wait for an operator).
 */
import { answerSeconds } from "../model/instance.ts";
import type { AnySaga, Step } from "../model/saga.ts";
import { choice } from "./choice-state.ts";
import { type Catcher, type Definition, task } from "./task-state.ts";

type State = Definition["States"][string];
type States = readonly (readonly [name: string, state: State])[];

/** What a task of a saga runs as, and where it leads. */
type Forth = {
  /** Its own name, as the runtime knows it. */
  readonly name: string;
  /** The name of its state. */
  readonly state: string;
  readonly timeoutSeconds: number;
  readonly next: string;
  /** Where a failure leads; nowhere but on after the pivot. */
  readonly back: string | undefined;
};

const nameLengthMax = 80;

const everything = (next: string): Catcher => ({ ErrorEquals: ["States.ALL"], Next: next, Output: {} });

const named = (error: string, next: string): Catcher => ({ ErrorEquals: [error], Next: next, Output: {} });

/** Waits for an operator, however long that takes, then tries the same state again. */
const parking = (functionArn: string, name: string, state: string): States => [
  [`Park ${state}`, task({ functionArn, name, act: "park", patience: "long", waits: true, next: state })],
];

const forth = (functionArn: string, { name, state, timeoutSeconds, next, back }: Forth): States => {
  const expiry = `Expire ${state}`;
  const park = `Park ${state}`;
  const isForward = back === undefined;
  const common = { functionArn, name };
  return [
    [
      state,
      task({
        ...common,
        act: "run",
        patience: "short",
        waits: true,
        timeoutSeconds,
        next,
        catches: [...(isForward ? [named("Parked", park)] : []), everything(expiry)],
      }),
    ],
    [
      expiry,
      task({
        ...common,
        act: "expire",
        patience: "long",
        next: isForward ? state : next,
        catches: isForward ? [] : [named("StepFailed", back)],
      }),
    ],
    ...(isForward ? parking(functionArn, name, state) : []),
  ];
};

/** Is tried for about a day before a person is asked. */
const back = (functionArn: string, name: string, state: string, next: string): States => [
  [
    state,
    task({
      functionArn,
      name,
      act: "run",
      patience: "long",
      next,
      catches: [everything(`Park ${state}`)],
    }),
  ],
  ...parking(functionArn, name, state),
];

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

/** Its executions take `{ sagaId }`, and `skips` where the instance skips steps. Throws where the saga's names make no state machine. */
export const toStateMachine = (
  saga: AnySaga,
  { functionArn }: { readonly functionArn: string },
): Definition => {
  const { name, steps } = saga;
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
      ...forth(functionArn, {
        name: step.name,
        state: step.name,
        timeoutSeconds: step.timeoutSeconds,
        next: stepAt(index + 1),
        back: index <= last ? undoOf(index) : undefined,
      }),
    ]),
    ...forth(functionArn, {
      name: "complete",
      state: "Complete",
      timeoutSeconds: answerSeconds,
      next: "Completed",
      back: pivot >= 0 ? undefined : undoOf(last),
    }),
    ["Completed", { Type: "Succeed" }],
    ...steps.slice(0, last + 1).flatMap((step, index) => {
      if (!step.undo) return [];
      const [state, next] = [`Undo ${step.name}`, undoOf(index - 1)];
      return [...chosen(state, step, next), ...back(functionArn, `undo-${step.name}`, state, next)];
    }),
    ...back(functionArn, "abandon", "Abandon", "Compensated"),
    ["Compensated", { Type: "Succeed" }],
  ];
  return {
    Comment: `The saga ${name}`,
    QueryLanguage: "JSONata",
    StartAt: stepAt(0),
    States: checked(saga, states),
  };
};
