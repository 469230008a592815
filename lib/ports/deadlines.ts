/** Deadlines: a saga gets a message when it has waited long enough. */

/** The content of the message, which is a delivery of the kind `deadline`. */
export type Deadline = {
  readonly sagaId: string;
  /** The task whose wait ends. */
  readonly task: string;
};

/** Sets and deletes deadlines. */
export type Deadlines = {
  /**
   * Delivers the deadline to the queue of the saga, at least once, at the given time, or at once if that time has
   * passed. Does nothing if a deadline of this name exists. Throws `PermanentError` if the deadline can never be
   * set.
   */
  readonly set: (name: string, at: Date, deadline: Deadline) => Promise<void>;
  /**
   * Deletes the deadline of this name, so that it is not delivered, unless its delivery has begun. Does nothing if
   * there is none. The name can be used again.
   */
  readonly delete: (name: string) => Promise<void>;
};
