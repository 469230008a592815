/** The reference of the bus: hands each event to each subscriber, one after the other, before it answers. */
import type { RecordedEvent } from "../../model/message.ts";
import type { Bus, PublishOutcome } from "../../ports/bus.ts";

export type MemoryBus = Bus & {
  readonly published: () => readonly RecordedEvent[];
  /** Where a subscriber throws, publishing does: the event has to come again. */
  readonly subscribe: (subscriber: (event: RecordedEvent) => Promise<void>) => void;
};

/** `refuse` says why the bus does not take an event; nothing where it does. */
export const memoryBus = (
  refuse: (event: RecordedEvent) => string | undefined = () => undefined,
): MemoryBus => {
  const published: RecordedEvent[] = [];
  const subscribers: ((event: RecordedEvent) => Promise<void>)[] = [];

  const publish = async (event: RecordedEvent): Promise<PublishOutcome> => {
    const because = refuse(event);
    if (because !== undefined) return { kind: "failed", because };
    published.push(event);
    for (const subscriber of subscribers) await subscriber(event);
    return { kind: "published" };
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
