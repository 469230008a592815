/**
 * A task state that invokes the function of a saga, in JSONata. Faults are retried with full jitter. Errors that the
 * function throws by name and timeouts are not retried.
 */
import { finalErrors, type MachineTask } from "../../model/sagas/machine-task.ts";
import type { ChoiceState } from "./choice-state.ts";

type Retrier = {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: "FULL";
};

export type Catcher = {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly Output: Readonly<Record<string, never>>;
};

export type TaskState = {
  readonly Type: "Task";
  readonly Resource: string;
  readonly Arguments: {
    readonly FunctionName: string;
    readonly Payload: Readonly<Record<string, string | readonly string[]>>;
  };
  readonly TimeoutSeconds?: number;
  readonly Retry: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Output: Readonly<Record<string, never>>;
  readonly Next: string;
};

export type Definition = {
  readonly Comment: string;
  readonly QueryLanguage: "JSONata";
  readonly StartAt: string;
  readonly States: Readonly<Record<string, TaskState | ChoiceState | { readonly Type: "Succeed" }>>;
};

/** Errors for which a retry is useless: decisions of the function, permanent errors, and timeouts. */
const final: Retrier = {
  ErrorEquals: finalErrors,
  MaxAttempts: 0,
};

/**
 * How long faults are retried. `short` is for steps that can be given up: minutes. `long` is for undos and expiries that
 * must happen: about a day, which is longer than the outages that the application must survive.
 */
const patience = {
  short: { IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 12, MaxDelaySeconds: 60 },
  long: { IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 200, MaxDelaySeconds: 900 },
} as const;

type TaskOptions = {
  readonly functionArn: string;
  /** The task as the runtime names it, or the names of the steps that it runs in a row. */
  readonly name: MachineTask["task"];
  readonly act: MachineTask["act"];
  readonly patience: keyof typeof patience;
  /** The state lasts until the task token is answered. */
  readonly waits?: boolean;
  readonly timeoutSeconds?: number;
  readonly next: string;
  readonly catches?: readonly Catcher[];
};

export const task = (options: TaskOptions): TaskState => {
  const { functionArn, name, act, waits, timeoutSeconds, next, catches = [] } = options;
  return {
    Type: "Task",
    Resource: `arn:aws:states:::lambda:invoke${waits ? ".waitForTaskToken" : ""}`,
    Arguments: {
      FunctionName: functionArn,
      Payload: {
        sagaId: "{% $states.context.Execution.Input.sagaId %}",
        task: name,
        act,
        ...(waits && { token: "{% $states.context.Task.Token %}" }),
      },
    },
    ...(timeoutSeconds !== undefined && { TimeoutSeconds: timeoutSeconds }),
    Retry: [final, { ErrorEquals: ["States.ALL"], ...patience[options.patience], JitterStrategy: "FULL" }],
    ...(catches.length > 0 && { Catch: catches }),
    Output: {},
    Next: next,
  };
};
