/** A clock that stays as it is until a test moves it. */
import type { Clock, Sleep } from "../ports/clock.ts";

export type MovingClock = {
  readonly now: Clock;
  /** Resolves when the clock gets there. */
  readonly sleep: Sleep;
  /** Moves to the first wait that is over by then and ends it. Answers false if there is none. */
  readonly endNext: (until: Date) => boolean;
  /** The clock never goes back. */
  readonly moveTo: (time: Date) => void;
};

type Wait = { readonly at: number; readonly end: () => void };

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
