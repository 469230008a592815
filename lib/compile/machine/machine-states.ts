/**
 * The states of one task of a saga: run, expire and park. They differ by the kind of the machine, because Express cannot
 * wait.
 */
import { machineErrors } from "../../model/sagas/machine-task.ts";
import { type Catcher, type Definition, type FailState, task } from "./task-state.ts";

/** An Express execution runs for at most five minutes, cannot wait for a task token, and may run twice. */
export type MachineKind = "standard" | "express";

export type MachineOptions = { readonly functionArn: string; readonly kind?: MachineKind };

type State = Definition["States"][string];
export type States = readonly (readonly [name: string, state: State])[];

/** A task of a saga in the state machine. */
type Run = {
  /** The name that the runtime knows, or the names of the steps that one task runs in a row. */
  readonly name: string | readonly string[];
  /** The name of its state. */
  readonly state: string;
  readonly next: string;
};

type ForwardTask = Run & {
  /** How long the task waits for an answer. Undefined if the function knows the outcome when it returns. */
  readonly timeoutSeconds: number | undefined;
  /** The next state after a failure: the first compensation. Undefined after the pivot. */
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
 * The states of a task for one kind of machine. A parked standard execution waits for an operator without a limit, then
 * enters the same state again. An Express execution marks the instance as parked and ends. It also ends, before its saga, if
 * a fault lasts; the inspection of stuck sagas then starts another execution.
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
          // A task that does not wait has no command to expire when it fails.
          catches: [...park, ...(waits ? [] : compensates), everything(expiry)],
        }),
      ],
      [
        expiry,
        task({
          ...common,
          act: "expire",
          patience: long,
          // If the commands of a row have not expired after all, its remaining steps still have to run.
          next: isForward || typeof name !== "string" ? state : next,
          catches: isForward ? [] : [...park, ...compensates],
        }),
      ],
      ...(park.length > 0 ? parking({ name, state }) : []),
    ];
  };

  /** Standard executions retry for about a day, then wait for an operator. Express is started again until it succeeds. */
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
