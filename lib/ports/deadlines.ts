/** Brings a saga word of its own when it has waited long enough. */

/** What comes back, as a delivery of the kind `deadline`. */
export type Deadline = {
  readonly sagaId: string;
  /** The task that has waited. */
  readonly task: string;
};

export type Deadlines = {
  /**
   * Has the saga's queue get this deadline at the time given, at least once; at once where that is past. A deadline
   * of the same name that was set before stands, so that setting it again changes nothing. Throws `PermanentError` for a
   * deadline that can never be set.
   */
  readonly set: (name: string, at: Date, deadline: Deadline) => Promise<void>;
};
