/** Time and chance come in through these doors, so that tests can hold them. */

export type Clock = () => Date;

/** Resolves after so many milliseconds. */
export type Sleep = (milliseconds: number) => Promise<void>;

/** A number from 0, inclusive, to 1, exclusive. */
export type Random = () => number;

/** A new id that nobody else has. */
export type NewId = () => string;
