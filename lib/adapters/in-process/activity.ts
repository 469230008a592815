/** Counts the work in progress in this process, so that callers can wait until there is none. */

/** The count of work in progress. */
export type Activity = {
  readonly begin: () => void;
  readonly end: () => void;
  /** Resolves once no work is in progress. Waiting for a deadline does not count as work. */
  readonly idle: () => Promise<void>;
};

/** A new count, which is zero. */
export const activity = (): Activity => {
  let underWay = 0;
  let waiting: readonly (() => void)[] = [];

  return {
    begin: () => {
      underWay += 1;
    },
    end: () => {
      underWay -= 1;
      if (underWay > 0) return;
      const resolved = waiting;
      waiting = [];
      for (const resolve of resolved) resolve();
    },
    idle: () =>
      underWay === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting = [...waiting, resolve];
          }),
  };
};
