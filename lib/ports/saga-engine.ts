/** The outcome of a task. */
export type TaskOutcome =
  | { readonly kind: "succeeded" }
  /** `error` is the name that the state machine catches. */
  | { readonly kind: "failed"; readonly error: string; readonly because: string };

/**
 * Runs the executions of sagas. Each method throws `PermanentError` for input that the engine never accepts, such
 * as one that is too large.
 */
export type SagaEngine = {
  /**
   * Starts an execution of this name for the instance, without the steps in `skips`. An execution is started only
   * once, whether it still runs or has ended. A choreography has no executions: its instance is continued, each time.
   */
  readonly start: (saga: string, name: string, sagaId: string, skips?: readonly string[]) => Promise<void>;
  /** Completes the task that waits with this token. Answers "gone" if no task waits with it. */
  readonly complete: (token: string, outcome: TaskOutcome) => Promise<"completed" | "gone">;
};
