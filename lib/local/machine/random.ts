/** The only source of randomness in the local cloud, for identifiers and for the waits of retries. */
import { randomUUID } from "node:crypto";

export const uniqueId = (): string => randomUUID();

/** A number from 0, inclusive, to 1, exclusive. */
export const random = (): number => Math.random();

/**
 * The wait before a retry. It is random between half of and the whole of a maximum, which starts at `first`, doubles
 * with each `retry` (from 0), and ends at `most`.
 */
export const backoffMilliseconds = (retry: number, first: number, most: number): number =>
  Math.min(most, first * 2 ** Math.min(retry, 40)) * (0.5 + random() / 2);

/** The same values in a random order. */
export const shuffled = <Value>(values: readonly Value[]): readonly Value[] =>
  values
    .map((value) => ({ value, place: random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ value }) => value);
