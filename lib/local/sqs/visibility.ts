/**
 * The visibility of the messages of a queue, and the order in which visible messages are received: the oldest first.
 */
import { priorityQueue } from "../machine/priority-queue.ts";

/** A message with a handle has been received since the start. It is hidden until `visibleAt`. */
type Visibility = {
  readonly id: string;
  readonly visibleAt: number;
  readonly order: number;
  readonly handle?: string;
};

export type Visibilities = {
  readonly set: (id: string, visibleAt: number, handle?: string) => void;
  readonly get: (id: string) => Visibility | undefined;
  readonly delete: (id: string) => void;
  /** The message that becomes visible first. */
  readonly first: () => Visibility | undefined;
  readonly all: () => readonly Visibility[];
};

export const visibilities = (): Visibilities => {
  const byId = new Map<string, Visibility>();
  const byTime = priorityQueue<Visibility>(
    (one, other) =>
      one.visibleAt < other.visibleAt || (one.visibleAt === other.visibleAt && one.order < other.order),
  );
  let order = 0;

  const remove = (id: string) => {
    const known = byId.get(id);
    if (known) byTime.remove(known);
    byId.delete(id);
  };

  return {
    set: (id, visibleAt, handle) => {
      remove(id);
      const visibility = { id, visibleAt, order: order++, ...(handle !== undefined && { handle }) };
      byId.set(id, visibility);
      byTime.add(visibility);
    },
    get: (id) => byId.get(id),
    delete: remove,
    first: byTime.first,
    all: () => [...byId.values()],
  };
};
