/**
 * A test without a test runner. Run the cases with Vitest, node:test or Jest: `for (const { name, run } of cases)
 * test(name, run)`.
 */
export type Case = {
  readonly name: string;
  /** Throws an AssertionError if the case fails. */
  readonly run: () => void;
};
