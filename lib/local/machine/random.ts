/** The only source of randomness of the local cloud: identifiers, and waits that differ so that retries spread. */
import { randomUUID } from "node:crypto";

export const uniqueId = (): string => randomUUID();

/** A number from 0, inclusive, to 1, exclusive. */
export const random = (): number => Math.random();

/** The wait before retry number `retry` (from 0): doubling from `first` up to `most`, between half of it and all. */
export const backoffMilliseconds = (retry: number, first: number, most: number): number =>
  Math.min(most, first * 2 ** Math.min(retry, 40)) * (0.5 + random() / 2);

/** The same values in any order. */
export const shuffled = <Value>(values: readonly Value[]): readonly Value[] =>
  values
    .map((value) => ({ value, place: random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ value }) => value);
