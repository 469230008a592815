/**
 * Decides when a failed task is retried. Only the first retrier that matches the error counts. If it is exhausted, the
 * task is not retried, even if a later retrier matches as well.
 */
import { matches } from "./failure.ts";

export type Retrier = {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly backoffRate: number;
  readonly maxAttempts: number;
  readonly maxDelaySeconds: number;
  readonly jitter: "FULL" | "NONE";
};

/** `retries` has for each retrier how often it has been used since the state was entered. */
type Retry = { readonly delayMilliseconds: number; readonly retries: readonly number[] };

type FailedAttempt = {
  readonly retries: readonly number[];
  readonly error: string;
  /** Returns a number from 0 to 1. */
  readonly random: () => number;
};

export const retryOf = (
  retriers: readonly Retrier[],
  { retries, error, random }: FailedAttempt,
): Retry | undefined => {
  const index = retriers.findIndex(({ errorEquals }) => matches(errorEquals, error));
  const retrier = retriers[index];
  const used = retries[index] ?? 0;
  if (!retrier || used >= retrier.maxAttempts) return undefined;
  const backoff = retrier.intervalSeconds * retrier.backoffRate ** used;
  const seconds = Math.min(backoff, retrier.maxDelaySeconds);
  return {
    delayMilliseconds: 1000 * seconds * (retrier.jitter === "FULL" ? random() : 1),
    retries: retriers.map((_, at) => (retries[at] ?? 0) + (at === index ? 1 : 0)),
  };
};
