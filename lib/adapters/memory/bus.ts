/**
 * The reference implementation of the bus: it passes each event to each subscriber, one after the other, before it
 * resolves.
 */
import type { RecordedEvent } from "../../model/message.ts";
import { type Bus, published as isPublished, type PublishOutcome, refused } from "../../ports/bus.ts";

/** A bus that tests can read. */
export type MemoryBus = Bus & {
  readonly published: () => readonly RecordedEvent[];
  /** If a subscriber throws, `publish` throws: the event must be published again. */
  readonly subscribe: (subscriber: (event: RecordedEvent) => Promise<void>) => void;
};

/** `refuse` returns the reason if the bus never accepts an event, otherwise undefined. */
export const memoryBus = (
  refuse: (event: RecordedEvent) => string | undefined = () => undefined,
): MemoryBus => {
  const published: RecordedEvent[] = [];
  const subscribers: ((event: RecordedEvent) => Promise<void>)[] = [];

  const publish = async (event: RecordedEvent): Promise<PublishOutcome> => {
    const because = refuse(event);
    if (because !== undefined) return refused(because);
    published.push(event);
    for (const subscriber of subscribers) await subscriber(event);
    return isPublished;
  };

  return {
    published: () => [...published],
    subscribe: (subscriber) => void subscribers.push(subscriber),
    publish: async (events) => {
      const outcomes: PublishOutcome[] = [];
      for (const event of events) outcomes.push(await publish(event));
      return outcomes;
    },
  };
};
