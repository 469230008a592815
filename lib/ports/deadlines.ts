/** Deadlines: a saga gets a message when it has waited long enough. */

/** The content of the message, which is a delivery of the kind `deadline`. */
export type Deadline = {
  readonly sagaId: string;
  /** The task whose wait ends. */
  readonly task: string;
};

/**
 * The task of a deadline that ends no wait. It only continues its saga, as the redelivery of an event does. The name of
 * a wait ends with the number of an attempt, so no wait has this name.
 */
export const again = "again";

/**
 * Continues an instance of a choreography: delivers a deadline with the task `again` to the queue of its saga. Throws
 * `PermanentError` if it can never be delivered.
 */
export type ContinueSaga = (saga: string, sagaId: string) => Promise<void>;

/** The message that a queue delivers as this deadline. */
export const deadlineMessage = ({ sagaId, task }: Deadline): string =>
  JSON.stringify({ source: "eventfold.deadlines", "detail-type": "Deadline", detail: { sagaId, task } });

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
