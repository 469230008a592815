/** Deadlines that a test delivers, and a clock that it moves. A name is free again after its delivery. */

import type { Deadline, Deadlines } from "../../../../lib/ports/deadlines.ts";
import type { Delivery } from "../../../../lib/ports/delivery.ts";
import { movingClock } from "../../../../lib/testing/moving-clock.ts";

type Held = { readonly at: Date; readonly deadline: Deadline };

const start = new Date("2026-01-02T00:00:00.000Z");

const secondsAt = (time: Date): number => (time.getTime() - start.getTime()) / 1000;

export const heldDeadlines = () => {
  const { now: clock, moveTo } = movingClock(start);
  const waiting = new Map<string, Held>();
  const counts = { set: 0, deleted: 0 };
  const deadlines: Deadlines = {
    set: async (name, at, deadline) => {
      counts.set += 1;
      if (!waiting.has(name)) waiting.set(name, { at, deadline });
    },
    delete: async (name) => {
      counts.deleted += 1;
      waiting.delete(name);
    },
  };
  const first = () => [...waiting].toSorted(([, one], [, other]) => one.at.getTime() - other.at.getTime())[0];

  return {
    clock,
    deadlines,
    counts,
    /** The time since the start. */
    seconds: () => secondsAt(clock()),
    wait: (seconds: number) => moveTo(new Date(clock().getTime() + seconds * 1000)),
    names: () => [...waiting.keys()].toSorted(),
    /** When the deadline of this name is due. */
    due: (name: string) => {
      const found = waiting.get(name);
      return found && secondsAt(found.at);
    },
    /** When the first deadline is due. */
    firstDue: () => {
      const [, found] = first() ?? [];
      return found && secondsAt(found.at);
    },
    /** Takes the first deadline, and moves the clock to its time. */
    take: (): Extract<Delivery, { kind: "deadline" }> | undefined => {
      const [name, found] = first() ?? [];
      if (name === undefined || !found) return undefined;
      waiting.delete(name);
      moveTo(found.at);
      return {
        id: `${name} ${found.at.toISOString()}`,
        receiveCount: 1,
        kind: "deadline",
        ...found.deadline,
      };
    },
  };
};
