/** Compares values as they are stored: as JSON, so that a field without a value is the same as no field. */
import { deepStrictEqual } from "node:assert/strict";

const stored = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));

/** Throws, showing both, if they differ. */
export const same = (actual: unknown, expected: unknown, message?: string): void =>
  deepStrictEqual(stored(actual), stored(expected), message);
