/**
 * How a handler tries again by itself, within one run of its function, where its bus gives a batch again as a whole or
 * not at all. The waits of the usual number of attempts add up to more than the lease of an effect whose performer has
 * died: 1 2 4 8 16 20 20 seconds.
 */
export const usualAttempts = 8;

const waitSecondsMax = 20;
/** Those that failed together do not come back together, and never sooner. */
const jitter = 0.25;

const secondsAfter = (attempt: number): number => Math.min(2 ** (attempt - 1), waitSecondsMax);

/** Before the next attempt; `random` is from 0 to 1. */
export const waitMilliseconds = (attempt: number, random: number): number =>
  secondsAfter(attempt) * (1 + jitter * random) * 1000;

/**
 * How long its function has to be able to run, in whole minutes: as long again as it waits, and for one attempt more.
 * An attempt that never ends is followed, while its lease lasts, by as long a time in which others find it busy.
 */
export const patienceSeconds = (attempts: number, attemptSeconds: number): number => {
  const waits = Array.from({ length: attempts - 1 }, (_, index) => secondsAfter(index + 1) * (1 + jitter));
  return Math.ceil((2 * waits.reduce((sum, wait) => sum + wait, 0) + attemptSeconds) / 60) * 60;
};

/** As long as a function may run that a broker brings events to. */
export const patienceSecondsMax = 840;

/** Those that failed, and what follows them in their streams: it comes again behind them. */
export const fromFailuresOn = <Each extends { readonly stream: string }>(
  all: readonly Each[],
  hasFailed: (each: Each) => boolean,
): readonly Each[] => {
  const streams = new Set<string>();
  return all.filter((each) => {
    if (hasFailed(each)) streams.add(each.stream);
    return streams.has(each.stream);
  });
};
