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
   * Starts an execution of this name for the instance, without the steps in `skips`. An engine that stores names
   * starts an execution only once, whether it still runs or has ended. An engine that does not store names starts
   * another one each time, so an execution must not repeat what another execution of its instance has done.
   */
  readonly start: (saga: string, name: string, sagaId: string, skips?: readonly string[]) => Promise<void>;
  /** Completes the task that waits with this token. Answers "gone" if no task waits with it. */
  readonly complete: (token: string, outcome: TaskOutcome) => Promise<"completed" | "gone">;
};
