/** Cancels work that waits for the clock: all waits end at once. */
import type { Clock } from "../machine/clock.ts";

export type Cancellation = {
  /** Resolves when the clock reaches `time` (milliseconds since 1970), or at once after a cancellation. */
  readonly until: (time: number) => Promise<void>;
  readonly cancel: () => void;
  readonly isCancelled: () => boolean;
  readonly cancelled: Promise<void>;
};

export const cancellationBy = (clock: Clock): Cancellation => {
  const wakes = new Set<() => void>();
  let isCancelled = false;
  let resolveCancelled = () => {};
  const cancelled = new Promise<void>((resolve) => {
    resolveCancelled = resolve;
  });
  return {
    until: (time) =>
      new Promise((resolve) => {
        if (isCancelled) return resolve();
        const wake = () => {
          timer.cancel();
          wakes.delete(wake);
          resolve();
        };
        const timer = clock.at(time, wake);
        wakes.add(wake);
      }),
    cancel: () => {
      isCancelled = true;
      resolveCancelled();
      for (const wake of wakes) wake();
    },
    isCancelled: () => isCancelled,
    cancelled,
  };
};
