/** What the state machine of a saga and the function behind its tasks say to each other. */

/**
 * - run: does the task; with a token it may also go on waiting, without a token it must be decided by the end.
 * - expire: the wait is over for what is undecided.
 * - park: waits, with a token, for an operator; without a token it marks the instance, and its execution ends.
 */
export const acts = ["run", "expire", "park"] as const;

export type MachineTask = {
  readonly sagaId: string;
  /** The name of the task, or the names of steps that are done in a row. */
  readonly task: string | readonly string[];
  readonly act: (typeof acts)[number];
  /** Only of a task that waits. */
  readonly token?: string;
  /** The name that the execution was started by; only of a task that parks without a token. */
  readonly execution?: string;
};

/** A definition retries and catches errors by these names. */
export const machineErrors = {
  /** The saga compensates. */
  stepFailed: "StepFailed",
  /** The task waits for an operator. */
  parked: "Parked",
  /** What can never be stored or sent parks the instance. */
  permanent: "PermanentError",
  /** A fault that passes by itself. */
  retryable: "Retryable",
  /** Of Step Functions itself. */
  timedOut: "States.Timeout",
} as const;

/** A retry after one of these changes nothing. */
export const finalErrors: readonly string[] = [
  machineErrors.stepFailed,
  machineErrors.parked,
  machineErrors.permanent,
  machineErrors.timedOut,
];
