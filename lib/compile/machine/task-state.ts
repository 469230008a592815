/**
 * A task state that invokes the one function of a saga, in the states language of Step Functions (JSONata).
 * Faults are tried again with full jitter; what the function says by name never is, nor a time-out.
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

/** An execution that parks its saga and cannot wait for an operator fails: so it counts as what it is. */
export type FailState = { readonly Type: "Fail"; readonly Error: string; readonly Cause: string };

export type Definition = {
  readonly Comment: string;
  readonly QueryLanguage: "JSONata";
  readonly StartAt: string;
  readonly States: Readonly<
    Record<string, TaskState | ChoiceState | FailState | { readonly Type: "Succeed" }>
  >;
};

/** What the function decides, what it can never do, and a wait that is over: to retry would change nothing. */
const final: Retrier = {
  ErrorEquals: finalErrors,
  MaxAttempts: 0,
};

/**
 * A step that cannot even be begun gives up after minutes. What has to be done in any case, an undo or an expiry,
 * is tried for about a day, longer than the outages that we promise to get over. An execution that lives for minutes
 * gives up after half of one: what is left of it is the next one's.
 */
const patience = {
  brief: { IntervalSeconds: 1, BackoffRate: 1.5, MaxAttempts: 8, MaxDelaySeconds: 5 },
  short: { IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 12, MaxDelaySeconds: 60 },
  long: { IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 200, MaxDelaySeconds: 900 },
} as const;

type TaskOptions = {
  readonly functionArn: string;
  /** The task as the runtime names it, or those that it does in a row. */
  readonly name: MachineTask["task"];
  readonly act: MachineTask["act"];
  readonly patience: keyof typeof patience;
  /** Lasts until somebody answers its token. */
  readonly waits?: boolean;
  /** The function is told which execution it is. */
  readonly named?: true;
  readonly timeoutSeconds?: number;
  readonly next: string;
  readonly catches?: readonly Catcher[];
};

export const task = (options: TaskOptions): TaskState => {
  const { functionArn, name, act, waits, named, timeoutSeconds, next, catches = [] } = options;
  return {
    Type: "Task",
    Resource: `arn:aws:states:::lambda:invoke${waits ? ".waitForTaskToken" : ""}`,
    Arguments: {
      FunctionName: functionArn,
      Payload: {
        sagaId: "{% $states.context.Execution.Input.sagaId %}",
        task: name,
        act,
        ...(named && { execution: "{% $states.context.Execution.Input.execution %}" }),
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
