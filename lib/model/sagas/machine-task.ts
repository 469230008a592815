/** The messages between the state machine of a saga and the function that runs its tasks. */

/**
 * - run: runs the task. With a token it may keep waiting; without a token the task must be decided at the end.
 * - expire: ends the wait of the undecided commands.
 * - park: waits for an operator.
 */
export const acts = ["run", "expire", "park"] as const;

/** The input of the function for one task. */
export type MachineTask = {
  readonly sagaId: string;
  /** The name of the task, or the names of consecutive steps that run in one task. */
  readonly task: string | readonly string[];
  readonly act: (typeof acts)[number];
  /** Only if the task waits. */
  readonly token?: string;
};

/** The names of errors that the state machine retries or catches. */
export const machineErrors = {
  /** The step failed, so the saga compensates. */
  stepFailed: "StepFailed",
  /** The task waits for an operator. */
  parked: "Parked",
  /** Something can never be stored or sent, which parks the instance. */
  permanent: "PermanentError",
  /** A transient fault. */
  retryable: "Retryable",
  /** The name that Step Functions uses. */
  timedOut: "States.Timeout",
} as const;

/** A retry after one of these errors has no effect. */
export const finalErrors: readonly string[] = [
  machineErrors.stepFailed,
  machineErrors.parked,
  machineErrors.permanent,
  machineErrors.timedOut,
];
