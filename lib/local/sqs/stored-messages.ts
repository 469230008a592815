/**
 * The messages of a queue in the journal, and the time when each is visible. After a restart, every message that was in
 * flight is visible at once, because its receivers ended with the process. The number of its receipts is kept.
 */
import type { Clock } from "../machine/clock.ts";
import type { Journal } from "../machine/journal.ts";
import type { Poll } from "./long-polls.ts";
import type { Message, Receipts, Received } from "./message.ts";
import { handleOf } from "./receipt-handle.ts";
import { type Visibilities, visibilities } from "./visibility.ts";

export type QueueSettings = {
  readonly name: string;
  readonly retentionSeconds: number;
  /**
   * Takes a message that has been received this often and was not deleted. Without it, a message can be received any
   * number of times.
   */
  readonly redrive?: {
    readonly receiveCountMax: number;
    readonly take: (id: string, message: Message) => void;
  };
};

type StoredMessages = {
  readonly visibility: Visibilities;
  readonly put: (id: string, message: Message) => void;
  readonly remove: (id: string) => void;
  readonly removeExpired: () => void;
  /** Takes visible messages. Removes messages that are expired or have been received too often. */
  readonly take: (poll: Poll) => Received[];
};

export const storedMessages = (clock: Clock, journal: Journal, settings: QueueSettings): StoredMessages => {
  const messages = journal.map<Message>(`queue/${settings.name}`);
  const receipts = journal.map<Receipts>(`queue/${settings.name}/receipts`);
  const visibility = visibilities();
  const machineTime = () => clock.now() - clock.ahead();
  const startedAt = machineTime();

  for (const [id, message] of messages.entries()) visibility.set(id, message.visibleFrom);
  for (const [id] of [...receipts.entries()]) if (!visibility.get(id)) receipts.delete(id);

  const remove = (id: string) => {
    visibility.delete(id);
    messages.delete(id);
    receipts.delete(id);
  };

  /**
   * The retention period counts only the time while the queue runs. A jump of the clock, or a stop overnight, does not
   * remove a message.
   */
  const isExpired = ({ keptSince }: Message) =>
    machineTime() - Math.max(keptSince, startedAt) >= settings.retentionSeconds * 1000;

  const isReceivedTooOften = (id: string) =>
    (receipts.get(id)?.count ?? 0) >= (settings.redrive?.receiveCountMax ?? Number.POSITIVE_INFINITY);

  const receiveOne = (id: string, message: Message, visibilitySeconds: number): Received => {
    const now = clock.now();
    const { count, firstAt } = receipts.get(id) ?? { count: 0, firstAt: now };
    const receiptHandle = handleOf(id, count + 1);
    receipts.set(id, { count: count + 1, firstAt });
    visibility.set(id, now + visibilitySeconds * 1000, receiptHandle);
    return { id, receiptHandle, message, receipts: { count: count + 1, firstAt } };
  };

  return {
    visibility,
    remove,
    put: (id, message) => {
      messages.set(id, message);
      visibility.set(id, message.visibleFrom);
    },
    removeExpired: () => {
      for (const [id, message] of [...messages.entries()]) if (isExpired(message)) remove(id);
    },
    take: ({ max, visibilitySeconds }) => {
      const now = clock.now();
      const taken: Received[] = [];
      for (let next = visibility.first(); next && next.visibleAt <= now; next = visibility.first()) {
        if (taken.length === max) break;
        const { id } = next;
        const message = messages.get(id);
        if (!message || isExpired(message)) remove(id);
        else if (isReceivedTooOften(id)) {
          settings.redrive?.take(id, message);
          remove(id);
        } else taken.push(receiveOne(id, message, visibilitySeconds));
      }
      return taken;
    },
  };
};
