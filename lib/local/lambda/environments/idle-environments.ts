/** The environments of a function that wait for a task. One that waits too long is stopped, unless it is the last. */
import type { Environment } from "./environment.ts";

const idleMillisecondsMax = 60_000;

type IdleEnvironments = {
  readonly add: (environment: Environment) => void;
  /** Takes out the environment that was used last, because it is the warmest; `undefined` if there is none. */
  readonly take: () => Environment | undefined;
  readonly remove: (environment: Environment) => void;
  readonly count: () => number;
};

export const idleEnvironments = (): IdleEnvironments => {
  /** In the order in which they became idle. */
  const timers = new Map<Environment, NodeJS.Timeout>();

  const remove = (environment: Environment) => {
    clearTimeout(timers.get(environment));
    timers.delete(environment);
  };

  const stopUnlessLast = (environment: Environment) => {
    if (timers.size <= 1) return;
    remove(environment);
    void environment.stop();
  };

  return {
    add: (environment) => {
      const timer = setTimeout(() => stopUnlessLast(environment), idleMillisecondsMax);
      timers.set(environment, timer.unref());
    },
    take: () => {
      const last = [...timers.keys()].at(-1);
      if (last) remove(last);
      return last;
    },
    remove,
    count: () => timers.size,
  };
};
