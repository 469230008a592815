/**
 * A queue of one consumer that lives as long as this process. Each item is delivered at least once, in batches. If
 * the consumer asks for a retry or throws, the item is redelivered after a growing delay. An item that is dead, or
 * that has been delivered too often, is given up. That includes an item that waits for newer code, because a process
 * never gets newer code.
 */
import { setImmediate } from "node:timers/promises";
import type { Random, Sleep } from "../../ports/clock.ts";
import { type Handle, type NotDone, retry } from "../../ports/delivery.ts";
import type { Log } from "../../ports/log.ts";
import type { Activity } from "./activity.ts";

/** An item of a queue. */
export type Item = {
  readonly id: string;
  /** The number of deliveries, including this one. */
  readonly receiveCount: number;
};

/** The ports that a queue needs. */
export type QueuePorts = {
  readonly activity: Activity;
  readonly sleep: Sleep;
  readonly random: Random;
  readonly log: Log;
};

type QueueOptions<Each extends Item> = {
  readonly consume: Handle<Each>;
  readonly attempts: number;
  /** The maximum number of batches in progress at the same time. */
  readonly concurrency: number;
  readonly giveUp: (item: Each, because: string) => void;
};

const batchMax = 10;
const secondsMax = 300;

/** Between half of the delay and the full delay, so that items that failed together do not return together. */
const waitMilliseconds = ({ receiveCount }: Item, random: Random): number =>
  1000 * Math.min(2 ** (receiveCount - 1), secondsMax) * (0.5 + random() / 2);

/** A queue with one consumer. */
export const queue = <Each extends Item>(
  { activity, sleep, random, log }: QueuePorts,
  { consume, attempts, concurrency, giveUp }: QueueOptions<Each>,
): ((item: Each) => void) => {
  const waiting: Each[] = [];
  let workers = 0;

  const retryLater = async (item: Each) => {
    await sleep(waitMilliseconds(item, random));
    enqueue({ ...item, receiveCount: item.receiveCount + 1 });
  };

  const settle = (item: Each, outcome: NotDone | undefined) => {
    const isLast = outcome?.kind === "dead" || item.receiveCount >= attempts;
    if (outcome && !isLast) return void retryLater(item);
    if (outcome) giveUp(item, outcome.kind === "retry" ? `failed ${attempts} times` : outcome.because);
    activity.end();
  };

  const work = async () => {
    await setImmediate();
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchMax);
      const notDone = await consume(batch).catch((error: unknown): readonly NotDone[] => {
        log.write({ kind: "problem", message: `${error}`, error });
        return batch.map(({ id }) => retry(id));
      });
      const outcomes = new Map(notDone.map((each) => [each.id, each] as const));
      for (const item of batch) settle(item, outcomes.get(item.id));
    }
    workers -= 1;
  };

  const enqueue = (item: Each) => {
    waiting.push(item);
    if (workers === concurrency) return;
    workers += 1;
    void work();
  };

  return (item) => {
    activity.begin();
    enqueue(item);
  };
};
