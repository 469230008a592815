/** Ids, numbers and a short form of histories for the tests of saga instances. */
import type { InstanceItem } from "../../../ports/instances.ts";

let count = 0;

/** A number that no other test of this process uses. */
export const newNumber = (): number => ++count;

/** An id that no other test uses, also if other processes test the same store at the same time. */
export const newId = (): string => `checkout/${process.pid}-${newNumber()}`;

/** The versions of the events in the history. */
export const versionsOf = ({ history }: InstanceItem): readonly number[] =>
  history.map(({ metadata }) => metadata.version);

/** The numbers from 1 to `count`. */
export const numbers = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1);
