/**
 * The states of one task of a saga: what runs it, what ends the wait for it, and what parks it. They differ by the kind
 * of the machine, for not every kind can wait.
 */
import { machineErrors } from "../../model/sagas/machine-task.ts";
import { type Catcher, type Definition, type FailState, task } from "./task-state.ts";

/** Express executions live for five minutes, have no tokens to wait with, and may run twice. */
export type MachineKind = "standard" | "express";

export type MachineOptions = { readonly functionArn: string; readonly kind?: MachineKind };

type State = Definition["States"][string];
export type States = readonly (readonly [name: string, state: State])[];

/** What a task of a saga runs as. */
type Run = {
  /** Its own name, as the runtime knows it, or the names of the steps that it does in a row. */
  readonly name: string | readonly string[];
  /** The name of its state. */
  readonly state: string;
  readonly next: string;
};

type ForwardTask = Run & {
  /** How long it waits; without, the function knows the outcome when it returns. */
  readonly timeoutSeconds: number | undefined;
  /** The state that a failure leads to: the first compensation. Undefined after the pivot. */
  readonly onFailure: string | undefined;
};

const { parked, stepFailed } = machineErrors;

const parkedEnd: FailState = {
  Type: "Fail",
  Error: parked,
  Cause: "An operator decides how the saga goes on",
};

const everything = (next: string): Catcher => ({ ErrorEquals: ["States.ALL"], Next: next, Output: {} });

const named = (error: string, next: string): Catcher => ({ ErrorEquals: [error], Next: next, Output: {} });

/**
 * The states of a task by the kind of the machine. A standard execution waits for an operator, however long that
 * takes, then tries the same state again. One of Express marks the instance and ends, and so it does without an end
 * of its saga where a fault lasts: whoever looks for what is stuck starts the next.
 */
export const statesOf = ({ functionArn, kind = "standard" }: MachineOptions) => {
  const isExpress = kind === "express";
  const [short, long] = isExpress ? (["brief", "brief"] as const) : (["short", "long"] as const);

  const parking = ({ name, state }: Pick<Run, "name" | "state">): States => {
    const common = { functionArn, name, act: "park", patience: long } as const;
    const park = isExpress
      ? task({ ...common, named: true, next: parked })
      : task({ ...common, waits: true, next: state });
    return [[`Park ${state}`, park]];
  };

  const forwardStates = ({ name, state, timeoutSeconds, next, onFailure }: ForwardTask): States => {
    const expiry = `Expire ${state}`;
    const isForward = onFailure === undefined;
    const waits = timeoutSeconds !== undefined;
    const park = isForward || !waits ? [named(parked, `Park ${state}`)] : [];
    const compensates = isForward ? [] : [named(stepFailed, onFailure)];
    const common = { functionArn, name };
    return [
      [
        state,
        task({
          ...common,
          act: "run",
          patience: short,
          waits,
          timeoutSeconds,
          next,
          // Who does not wait has nothing left to expire when it fails.
          catches: [...park, ...(waits ? [] : compensates), everything(expiry)],
        }),
      ],
      [
        expiry,
        task({
          ...common,
          act: "expire",
          patience: long,
          // What is not late after all is only the first of several that may follow.
          next: isForward || typeof name !== "string" ? state : next,
          catches: isForward ? [] : [...park, ...compensates],
        }),
      ],
      ...(park.length > 0 ? parking({ name, state }) : []),
    ];
  };

  /** Is tried for about a day before a person is asked; by Express for as long as somebody starts executions. */
  const compensatingStates = ({ name, state, next }: Run): States => {
    const park = `Park ${state}`;
    const catches = [isExpress ? named(parked, park) : everything(park)];
    return [
      [state, task({ functionArn, name, act: "run", patience: long, next, catches })],
      ...parking({ name, state }),
    ];
  };

  const ends: States = [
    ["Completed", { Type: "Succeed" }],
    ["Compensated", { Type: "Succeed" }],
    ...(isExpress ? [[parked, parkedEnd] as const] : []),
  ];
  return { isExpress, forwardStates, compensatingStates, ends };
};
