/** Brings a saga word of its own when it has waited long enough. */

/** What comes back, as a delivery of the kind `deadline`. */
export type Deadline = {
  readonly sagaId: string;
  /** The task that has waited. */
  readonly task: string;
};

export type Deadlines = {
  /**
   * Delivers this deadline to the saga's queue at the given time, at least once, or at once if that time is past. If a
   * deadline of the same name exists, nothing changes. Throws `PermanentError` for a deadline that can never be set.
   */
  readonly set: (name: string, at: Date, deadline: Deadline) => Promise<void>;
};
