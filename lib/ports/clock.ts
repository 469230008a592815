/** Time and chance come in through these doors, so that tests can hold them. */

export type Clock = () => Date;

/** Resolves after so many milliseconds; whoever needs it no longer aborts it, and then it keeps nothing awake. */
export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

/** A number from 0, inclusive, to 1, exclusive. */
export type Random = () => number;

/** A new id that nobody else has. */
export type NewId = () => string;
