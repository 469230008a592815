/**
 * The single clock of the local cloud. It runs with the machine's clock and can be set forward. Timers that are due
 * after a jump run at once, in the order of their times. All waits use this clock.
 */
import { priorityQueue } from "./priority-queue.ts";

export type Clock = {
  /** The local time, in milliseconds since 1970. */
  readonly now: () => number;
  /** How far this clock is ahead of the machine's clock, in milliseconds. */
  readonly ahead: () => number;
  /** Calls `run` when the clock has reached `time` (milliseconds since 1970), but never during this call. */
  readonly at: (time: number, run: () => void) => Timer;
  readonly advance: (milliseconds: number) => void;
  /** Calls the listener after each jump. Functions in worker threads shift their `Date` by `ahead`. */
  readonly onAdvance: (listener: (ahead: number) => void) => void;
  /** Cancels all timers. */
  readonly stop: () => void;
};

export type Timer = { readonly cancel: () => void };

/** setTimeout takes at most 2^31 - 1 ms, so longer waits are split. */
const napMillisecondsMax = 60_000;

type Alarm = { readonly time: number; readonly order: number; readonly run: () => void };

export const localClock = (machine: () => number, aheadAtStart = 0): Clock => {
  const alarms = priorityQueue<Alarm>(
    (one, other) => one.time < other.time || (one.time === other.time && one.order < other.order),
  );
  const ringing = new Set<Alarm>();
  const listeners: ((ahead: number) => void)[] = [];
  let ahead = aheadAtStart;
  let order = 0;
  let nap: NodeJS.Timeout | undefined;
  let wakesAt = Number.POSITIVE_INFINITY;
  let stopped = false;

  const now = () => machine() + ahead;

  const sleepUntil = (time: number) => {
    if (stopped || time >= wakesAt) return;
    clearTimeout(nap);
    wakesAt = time;
    nap = setTimeout(ring, Math.min(Math.max(time - now(), 0), napMillisecondsMax));
  };

  const sleep = () => {
    wakesAt = Number.POSITIVE_INFINITY;
    const next = alarms.first();
    if (next) sleepUntil(next.time);
  };

  /**
   * A timer that is set during this loop runs next time, even if it is due. A timer that is cancelled during the loop
   * does not run.
   */
  const ring = () => {
    const time = now();
    for (let alarm = alarms.first(); alarm && alarm.time <= time; alarm = alarms.first()) {
      alarms.remove(alarm);
      ringing.add(alarm);
    }
    try {
      for (const alarm of ringing) {
        ringing.delete(alarm);
        alarm.run();
      }
    } finally {
      for (const alarm of ringing) alarms.add(alarm);
      ringing.clear();
      sleep();
    }
  };

  return {
    now,
    ahead: () => ahead,
    at: (time, run) => {
      const alarm = { time, order: order++, run };
      if (!stopped) alarms.add(alarm);
      sleepUntil(time);
      return { cancel: () => void (alarms.remove(alarm) || ringing.delete(alarm)) };
    },
    advance: (milliseconds) => {
      ahead += milliseconds;
      for (const listener of listeners) listener(ahead);
      wakesAt = Number.POSITIVE_INFINITY;
      sleep();
    },
    onAdvance: (listener) => void listeners.push(listener),
    stop: () => {
      stopped = true;
      alarms.clear();
      ringing.clear();
      clearTimeout(nap);
    },
  };
};
