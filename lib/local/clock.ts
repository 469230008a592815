/**
 * The one clock of the local cloud. It runs with the machine's and can be set forward; timers that a jump
 * passes run at once, in the order of their times. Everything that waits, waits by this clock.
 */
export type Clock = {
  /** Milliseconds since 1970, as the local cloud sees it. */
  readonly now: () => number;
  /** How far it is ahead of the machine's clock, in milliseconds. */
  readonly ahead: () => number;
  /** Runs once the clock has reached `time` (milliseconds since 1970), never within this call. */
  readonly at: (time: number, run: () => void) => Timer;
  readonly advance: (milliseconds: number) => void;
  /** Told after each jump: functions in worker threads shift their `Date` by it. */
  readonly onAdvance: (listener: (ahead: number) => void) => void;
  /** Forgets every timer; none runs any more. */
  readonly stop: () => void;
};

export type Timer = { readonly cancel: () => void };

/** setTimeout takes at most 2^31 - 1 ms; longer waits are cut in pieces. */
const napMillisecondsMax = 60_000;

type Alarm = { readonly time: number; readonly order: number; readonly run: () => void };

export const localClock = (machine: () => number = Date.now, aheadAtStart = 0): Clock => {
  const alarms = new Set<Alarm>();
  const listeners: ((ahead: number) => void)[] = [];
  let ahead = aheadAtStart;
  let order = 0;
  let nap: NodeJS.Timeout | undefined;
  let wakesAt = Number.POSITIVE_INFINITY;
  let stopped = false;

  const now = () => machine() + ahead;

  const ring = () => {
    nap = undefined;
    wakesAt = Number.POSITIVE_INFINITY;
    const due = [...alarms].filter(({ time }) => time <= now());
    due.sort((one, other) => one.time - other.time || one.order - other.order);
    for (const alarm of due) if (alarms.delete(alarm)) alarm.run();
    for (const { time } of alarms) sleepUntil(time);
  };

  const sleepUntil = (time: number) => {
    if (stopped || time >= wakesAt) return;
    clearTimeout(nap);
    wakesAt = time;
    nap = setTimeout(ring, Math.min(Math.max(time - now(), 0), napMillisecondsMax));
  };

  return {
    now,
    ahead: () => ahead,
    at: (time, run) => {
      const alarm = { time, order: order++, run };
      if (!stopped) alarms.add(alarm);
      sleepUntil(time);
      return { cancel: () => void alarms.delete(alarm) };
    },
    advance: (milliseconds) => {
      ahead += milliseconds;
      for (const listener of listeners) listener(ahead);
      clearTimeout(nap);
      if (!stopped) nap = setTimeout(ring, 0);
    },
    onAdvance: (listener) => void listeners.push(listener),
    stop: () => {
      stopped = true;
      alarms.clear();
      clearTimeout(nap);
    },
  };
};
