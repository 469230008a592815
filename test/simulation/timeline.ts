/**
 * The time and the random numbers of a simulation. Time is a list of entries and moves to the next entry when it is
 * told to, independent of the clock of the machine. The same seed gives the same run.
 */
import { setImmediate } from "node:timers/promises";
import type { Random, Sleep } from "../../lib/ports/clock.ts";

type Entry = { readonly time: number; readonly order: number; readonly run: () => void };

export type Timeline = {
  readonly now: () => number;
  readonly random: Random;
  /** A whole number from 0, less than `limit`. */
  readonly below: (limit: number) => number;
  readonly at: (time: number, run: () => void) => { readonly cancel: () => void };
  readonly sleep: Sleep;
  /** Lets this many seconds pass, and runs everything that is due within them. */
  readonly pass: (seconds: number) => Promise<void>;
  /** Lets time pass until the promise settles. */
  readonly until: <Value>(promise: Promise<Value>) => Promise<Value>;
};

export type TimelineOptions = {
  readonly seed: number;
  /** Entries that are due together run in random order. */
  readonly shuffled: boolean;
  /** Sometimes the clock jumps forward, further than most timeouts. */
  readonly clockJumps: boolean;
  /** Resolves once all that was begun waits for time to pass. */
  readonly settled?: () => Promise<void>;
};

/** Everything in memory goes on as far as it can. */
const inMemory = (): Promise<void> => setImmediate();

export const startOfTime = Date.parse("2026-01-01T00:00:00Z");

const jumpMilliseconds = 1_000_000;

/** More entries than any run needs. A run that needs more is in an endless loop. */
const entriesMax = 200_000;

/** The same numbers for the same seed (mulberry32). */
const numbers = (seed: number): Random => {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const once = Math.imul(state ^ (state >>> 15), 1 | state);
    const twice = (once + Math.imul(once ^ (once >>> 7), 61 | once)) ^ once;
    return ((twice ^ (twice >>> 14)) >>> 0) / 2 ** 32;
  };
};

const isEarlier = (one: Entry, other: Entry) =>
  one.time < other.time || (one.time === other.time && one.order < other.order);

export const timeline = ({ seed, shuffled, clockJumps, settled = inMemory }: TimelineOptions): Timeline => {
  const random = numbers(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const entries = new Set<Entry>();
  let now = startOfTime;
  let order = 0;

  const at: Timeline["at"] = (time, run) => {
    order += 1;
    if (order > entriesMax)
      throw new Error(
        "the simulation does not come to rest: it has added 200,000 entries, more than any run needs",
      );
    const entry = { time, order, run };
    entries.add(entry);
    return { cancel: () => void entries.delete(entry) };
  };

  const next = (): Entry | undefined => {
    const due = shuffled ? [...entries].filter(({ time }) => time <= now) : [];
    if (due.length > 0) return due[below(due.length)];
    let first: Entry | undefined;
    for (const entry of entries) if (!first || isEarlier(entry, first)) first = entry;
    return first;
  };

  /** Returns whether an entry was due by `end`. */
  const step = async (end: number): Promise<boolean> => {
    await settled();
    if (clockJumps && below(40) === 0) now += jumpMilliseconds;
    const entry = next();
    if (!entry || entry.time > Math.max(end, now)) return false;
    entries.delete(entry);
    now = Math.max(now, entry.time);
    entry.run();
    return true;
  };

  return {
    now: () => now,
    random,
    below,
    at,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        const { cancel } = at(now + milliseconds, resolve);
        signal?.addEventListener("abort", cancel);
      }),
    pass: async (seconds) => {
      const end = now + seconds * 1000;
      while (await step(end));
      now = Math.max(now, end);
    },
    until: async (promise) => {
      let isOpen = true;
      const close = () => {
        isOpen = false;
      };
      promise.then(close, close);
      while (isOpen) if (!(await step(Number.POSITIVE_INFINITY)) && isOpen) await settled();
      return promise;
    },
  };
};
