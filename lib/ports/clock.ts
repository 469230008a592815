/** Time and randomness are ports, so that tests can control them. */

/** The current time. */
export type Clock = () => Date;

/**
 * Resolves after `milliseconds`. Abort the signal to cancel: then the promise never settles, and its timer no
 * longer keeps the process alive.
 */
export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

/** A random number from 0 (inclusive) to 1 (exclusive). */
export type Random = () => number;

/** A new unique id. */
export type NewId = () => string;
