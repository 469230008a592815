/** Waits by the clock that end early, all of them, once the work they belong to is over. */
import type { Clock } from "../machine/clock.ts";

export type Naps = {
  /** Resolves when the clock reaches `time` (milliseconds since 1970), or at once when all is over. */
  readonly until: (time: number) => Promise<void>;
  readonly end: () => void;
  readonly isOver: () => boolean;
  readonly over: Promise<void>;
};

export const naps = (clock: Clock): Naps => {
  const wakes = new Set<() => void>();
  let isOver = false;
  let tell = () => {};
  const over = new Promise<void>((resolve) => {
    tell = resolve;
  });
  return {
    until: (time) =>
      new Promise((resolve) => {
        if (isOver) return resolve();
        const wake = () => {
          timer.cancel();
          wakes.delete(wake);
          resolve();
        };
        const timer = clock.at(time, wake);
        wakes.add(wake);
      }),
    end: () => {
      isOver = true;
      tell();
      for (const wake of wakes) wake();
    },
    isOver: () => isOver,
    over,
  };
};
