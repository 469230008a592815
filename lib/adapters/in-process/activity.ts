/** How much is under way in this process, so that whoever waits knows when nothing is. */

export type Activity = {
  readonly begin: () => void;
  readonly end: () => void;
  /** Resolves once nothing is under way. What waits for a deadline is not. */
  readonly idle: () => Promise<void>;
};

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
