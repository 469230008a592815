/** A test without its runner: `for (const { name, run } of cases) test(name, run)`, for Vitest, node:test and Jest. */
export type Case = {
  readonly name: string;
  /** Throws an AssertionError if the case does not hold. */
  readonly run: () => void;
};
