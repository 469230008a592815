/**
 * The reference implementation of deadlines: each one waits in this process and is then delivered. After that, its
 * name is free again, like the name of a schedule that has deleted itself.
 */
import type { Clock, Sleep } from "../../ports/clock.ts";
import type { Deadline, Deadlines } from "../../ports/deadlines.ts";

/** The clock, and the receiver of deadlines. */
export type MemoryDeadlinesOptions = {
  readonly clock: Clock;
  readonly sleep: Sleep;
  /** Sends a deadline to the queue of its saga. */
  readonly deliver: (deadline: Deadline) => void;
};

/** Deadlines in memory. */
export const memoryDeadlines = ({ clock, sleep, deliver }: MemoryDeadlinesOptions): Deadlines => {
  const waiting = new Map<string, Deadline>();

  const wait = async (name: string, at: Date, deadline: Deadline) => {
    await sleep(Math.max(0, at.getTime() - clock().getTime()));
    // It was deleted in the meantime, and its name may belong to another deadline.
    if (waiting.get(name) !== deadline) return;
    waiting.delete(name);
    deliver(deadline);
  };

  return {
    set: async (name, at, { ...deadline }) => {
      if (waiting.has(name)) return;
      waiting.set(name, deadline);
      void wait(name, at, deadline);
    },
    delete: async (name) => void waiting.delete(name),
  };
};
