/** A clock that moves only when a test moves it. */
import type { Clock, Sleep } from "../ports/clock.ts";

/** The clock and its waits. */
export type MovingClock = {
  readonly now: Clock;
  /** Resolves when the clock has moved by `milliseconds`. */
  readonly sleep: Sleep;
  /** Moves to the first wait that ends by `until`, and ends it. Answers false if there is none. */
  readonly endNext: (until: Date) => boolean;
  /** Moves to this time. The clock never goes back. */
  readonly moveTo: (time: Date) => void;
};

type Wait = { readonly at: number; readonly end: () => void };

/** A clock that shows `start`. */
export const movingClock = (start: Date): MovingClock => {
  let now = start.getTime();
  let waits: readonly Wait[] = [];
  const moveTo = (time: number) => {
    now = Math.max(now, time);
  };

  return {
    now: () => new Date(now),
    sleep: (milliseconds) =>
      new Promise((end) => {
        waits = [...waits, { at: now + milliseconds, end }];
      }),
    endNext: (until) => {
      const [first] = waits.toSorted((one, other) => one.at - other.at);
      if (!first || first.at > until.getTime()) return false;
      waits = waits.filter((wait) => wait !== first);
      moveTo(first.at);
      first.end();
      return true;
    },
    moveTo: (time) => moveTo(time.getTime()),
  };
};
