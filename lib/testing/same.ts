/** Compares values as JSON, which is how they are stored, so that an undefined field equals an absent field. */
import { deepStrictEqual } from "node:assert/strict";

const stored = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));

/** Throws an AssertionError that shows both values if they differ. */
export const same = (actual: unknown, expected: unknown, message?: string): void =>
  deepStrictEqual(stored(actual), stored(expected), message);
