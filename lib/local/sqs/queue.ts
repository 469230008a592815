/** A standard queue. Sent messages are in the journal. */
import type { Clock } from "../machine/clock.ts";
import type { Journal } from "../machine/journal.ts";
import { ServiceError } from "../service/service.ts";
import { longPolls, type Poll } from "./long-polls.ts";
import type { Message, Received } from "./message.ts";
import { idOf } from "./receipt-handle.ts";
import { type QueueSettings, storedMessages } from "./stored-messages.ts";

export type Queue = {
  readonly put: (id: string, message: Message) => void;
  /**
   * Returns visible messages, at most `max`, the oldest first. Waits for the first message. Empty if none arrives
   * during the wait.
   */
  readonly receive: (poll: Poll, waitSeconds: number) => Promise<Received[]>;
  /** Deletes only with the handle of the latest receipt. An earlier handle has no effect, as on AWS. */
  readonly delete: (receiptHandle: string) => void;
  readonly hide: (receiptHandle: string, seconds: number) => void;
  readonly purge: () => void;
  readonly counts: () => { readonly visible: number; readonly inFlight: number; readonly delayed: number };
  /** Answers all waiting receivers, without messages. */
  readonly stop: () => void;
};

export const queue = (clock: Clock, journal: Journal, settings: QueueSettings): Queue => {
  const messages = storedMessages(clock, journal, settings);
  const { visibility } = messages;
  const polls = longPolls({
    clock,
    take: messages.take,
    nextVisibleAt: () => visibility.first()?.visibleAt,
  });

  return {
    put: (id, message) => {
      messages.put(id, message);
      polls.serveSoon();
    },
    receive: async (poll, waitSeconds) => {
      const received = messages.take(poll);
      return received.length > 0 || waitSeconds === 0 ? received : polls.wait(poll, waitSeconds);
    },
    delete: (handle) => {
      const id = idOf(handle);
      if (visibility.get(id)?.handle === handle) messages.remove(id);
    },
    hide: (handle, seconds) => {
      const id = idOf(handle);
      const known = visibility.get(id);
      if (known?.handle !== handle)
        throw new ServiceError(
          "InvalidParameterValue",
          `${handle}: no message, or received again meanwhile.`,
        );
      if (known.visibleAt <= clock.now())
        throw new ServiceError("MessageNotInflight", "The message referred to isn't in flight.");
      visibility.set(id, clock.now() + seconds * 1000, handle);
      polls.serveSoon();
    },
    purge: () => {
      for (const { id } of visibility.all()) messages.remove(id);
    },
    counts: () => {
      messages.removeExpired();
      const now = clock.now();
      const all = visibility.all();
      const hidden = all.filter(({ visibleAt }) => visibleAt > now);
      const inFlight = hidden.filter(({ handle }) => handle !== undefined).length;
      return { visible: all.length - hidden.length, inFlight, delayed: hidden.length - inFlight };
    },
    stop: polls.stop,
  };
};
