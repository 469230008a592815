/** The states of one task of a saga: run, expire and park. */
import { machineErrors } from "../../model/sagas/machine-task.ts";
import { type Catcher, type Definition, task } from "./task-state.ts";

export type MachineOptions = { readonly functionArn: string };

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

const everything = (next: string): Catcher => ({ ErrorEquals: ["States.ALL"], Next: next, Output: {} });

const named = (error: string, next: string): Catcher => ({ ErrorEquals: [error], Next: next, Output: {} });

/** A parked execution waits for an operator without a limit, then enters the same state again. */
export const statesOf = ({ functionArn }: MachineOptions) => {
  const parking = ({ name, state }: Pick<Run, "name" | "state">): States => {
    const park = task({ functionArn, name, act: "park", patience: "long", waits: true, next: state });
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
          patience: "short",
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
          patience: "long",
          // If the commands of a row have not expired after all, its remaining steps still have to run.
          next: isForward || typeof name !== "string" ? state : next,
          catches: isForward ? [] : [...park, ...compensates],
        }),
      ],
      ...(park.length > 0 ? parking({ name, state }) : []),
    ];
  };

  /** They are retried for about a day, then they wait for an operator. */
  const compensatingStates = ({ name, state, next }: Run): States => {
    const park = `Park ${state}`;
    const catches = [everything(park)];
    return [
      [state, task({ functionArn, name, act: "run", patience: "long", next, catches })],
      ...parking({ name, state }),
    ];
  };

  const ends: States = [
    ["Completed", { Type: "Succeed" }],
    ["Compensated", { Type: "Succeed" }],
  ];
  return { forwardStates, compensatingStates, ends };
};
