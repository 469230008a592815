/** Deadlines: a saga gets a message when it has waited long enough. */

/** The content of the message, which is a delivery of the kind `deadline`. */
export type Deadline = {
  readonly sagaId: string;
  /** The task whose wait ends. */
  readonly task: string;
};

/** Sets deadlines. */
export type Deadlines = {
  /**
   * Delivers the deadline to the queue of the saga, at least once, at the given time, or at once if that time has
   * passed. Does nothing if a deadline of this name exists. Throws `PermanentError` if the deadline can never be
   * set.
   */
  readonly set: (name: string, at: Date, deadline: Deadline) => Promise<void>;
};
