/** What runs the executions of sagas. */
export type TaskOutcome =
  | { readonly kind: "succeeded" }
  /** `error` is the name that the definition's catchers match. */
  | { readonly kind: "failed"; readonly error: string; readonly because: string };

/** Each method throws `PermanentError` for what the engine never takes, as an input that is too large. */
export type SagaEngine = {
  /**
   * Starts an execution of this name for the instance, without the steps that it skips. An engine that keeps names
   * starts one only once, running or ended. An engine that keeps none starts another each time, so an execution must
   * not repeat what another execution of its instance has done.
   */
  readonly start: (saga: string, name: string, sagaId: string, skips?: readonly string[]) => Promise<void>;
  /** Completes the task that waits with this token; "gone" where it waits no longer or never did. */
  readonly complete: (token: string, outcome: TaskOutcome) => Promise<"completed" | "gone">;
};
