/**
 * How a handler retries within one run of its function. It does so if the bus can deliver a batch again only as a
 * whole, or not at all. With the default number of attempts it waits 1, 2, 4, 8, 16, 20 and 20 seconds. Together
 * that is longer than the lease of an effect whose performer has crashed.
 */
export const usualAttempts = 8;

const waitSecondsMax = 20;
/** Each wait is up to a quarter longer, so that messages that failed together are not retried together. */
const jitter = 0.25;

const secondsAfter = (attempt: number): number => Math.min(2 ** (attempt - 1), waitSecondsMax);

/** The wait before the next attempt. `random` is from 0 to 1. */
export const waitMilliseconds = (attempt: number, random: number): number =>
  secondsAfter(attempt) * (1 + jitter * random) * 1000;

/**
 * The timeout that the function needs, in whole minutes: twice the waits, and one attempt more. An attempt that
 * never ends holds its lease, and other deliveries find it busy for as long.
 */
export const patienceSeconds = (attempts: number, attemptSeconds: number): number => {
  const waits = Array.from({ length: attempts - 1 }, (_, index) => secondsAfter(index + 1) * (1 + jitter));
  return Math.ceil((2 * waits.reduce((sum, wait) => sum + wait, 0) + attemptSeconds) / 60) * 60;
};

/** The longest timeout of a function that a broker invokes. */
export const patienceSecondsMax = 840;

/** The failed messages, and all later messages of their streams: these are delivered again in order. */
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
