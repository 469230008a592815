/**
 * One standard queue: messages, how long each is hidden, and who waits for one. A message that was sent
 * is in the journal. After a restart every message that was in flight is visible at once, since its
 * receivers ended with the process; how often it was received is remembered.
 */
import type { Clock, Timer } from "../machine/clock.ts";
import type { Journal } from "../machine/journal.ts";
import { priorityQueue } from "../machine/priority-queue.ts";
import { ServiceError } from "../service/service.ts";
import type { Message, Receipts, Received } from "./message.ts";

export type QueueSettings = {
  readonly name: string;
  readonly retentionSeconds: number;
  /** Takes a message that was received so often and not deleted; without it a message is received for ever. */
  readonly redrive?: {
    readonly receiveCountMax: number;
    readonly take: (id: string, message: Message) => void;
  };
};

export type Queue = {
  readonly put: (id: string, message: Message) => void;
  /** At most `max` visible messages, oldest first, waiting for one; none when the wait ends. */
  readonly receive: (max: number, visibilitySeconds: number, waitSeconds: number) => Promise<Received[]>;
  /** Only the handle of the latest receipt deletes; with an earlier one nothing happens, as on AWS. */
  readonly delete: (receiptHandle: string) => void;
  readonly hide: (receiptHandle: string, seconds: number) => void;
  readonly purge: () => void;
  readonly counts: () => { readonly visible: number; readonly inFlight: number; readonly delayed: number };
  /** Answers all who wait with nothing. */
  readonly stop: () => void;
};

/** Where a message stands: received when it has been so since the start, and then hidden until `visibleAt`. */
type Place = {
  readonly id: string;
  readonly visibleAt: number;
  readonly order: number;
  readonly handle?: string;
};

type Waiter = {
  readonly max: number;
  readonly visibilitySeconds: number;
  readonly answer: (received: Received[]) => void;
};

const handleOf = (id: string, count: number) => Buffer.from(`${id}#${count}`).toString("base64url");

const idOf = (handle: string): string => {
  const [id, count] = Buffer.from(handle, "base64url").toString().split("#");
  if (id && count) return id;
  throw new ServiceError("ReceiptHandleIsInvalid", `The input receipt handle "${handle}" is not valid.`);
};

export const queue = (clock: Clock, journal: Journal, settings: QueueSettings): Queue => {
  const messages = journal.map<Message>(`queue/${settings.name}`);
  const receipts = journal.map<Receipts>(`queue/${settings.name}/receipts`);
  const places = new Map<string, Place>();
  const byTime = priorityQueue<Place>(
    (one, other) =>
      one.visibleAt < other.visibleAt || (one.visibleAt === other.visibleAt && one.order < other.order),
  );
  const waiters = new Set<Waiter>();
  const machineTime = () => clock.now() - clock.ahead();
  const startedAt = machineTime();
  let order = 0;
  let wake: Timer | undefined;
  let servingIsDue = false;

  const place = (id: string, visibleAt: number, handle?: string) => {
    const before = places.get(id);
    if (before) byTime.remove(before);
    const here = { id, visibleAt, order: order++, ...(handle === undefined ? {} : { handle }) };
    places.set(id, here);
    byTime.add(here);
  };

  const remove = (id: string) => {
    const here = places.get(id);
    if (here) byTime.remove(here);
    places.delete(id);
    messages.delete(id);
    receipts.delete(id);
  };

  /** Retention counts the time in which the queue runs: no jump of the clock and no night off loses a message. */
  const isExpired = ({ keptSince }: Message) =>
    machineTime() - Math.max(keptSince, startedAt) >= settings.retentionSeconds * 1000;

  const isGivenUp = (id: string) =>
    (receipts.get(id)?.count ?? 0) >= (settings.redrive?.receiveCountMax ?? Infinity);

  const receiveOne = (id: string, message: Message, visibilitySeconds: number): Received => {
    const now = clock.now();
    const { count, firstAt } = receipts.get(id) ?? { count: 0, firstAt: now };
    const receiptHandle = handleOf(id, count + 1);
    receipts.set(id, { count: count + 1, firstAt });
    place(id, now + visibilitySeconds * 1000, receiptHandle);
    return { id, receiptHandle, message, receipts: { count: count + 1, firstAt } };
  };

  const take = (max: number, visibilitySeconds: number): Received[] => {
    const now = clock.now();
    const taken: Received[] = [];
    for (let next = byTime.first(); next && next.visibleAt <= now; next = byTime.first()) {
      if (taken.length === max) break;
      const { id } = next;
      const message = messages.get(id);
      if (!message || isExpired(message)) remove(id);
      else if (isGivenUp(id)) {
        settings.redrive?.take(id, message);
        remove(id);
      } else taken.push(receiveOne(id, message, visibilitySeconds));
    }
    return taken;
  };

  const serve = () => {
    servingIsDue = false;
    for (const waiter of waiters) {
      const received = take(waiter.max, waiter.visibilitySeconds);
      if (received.length === 0) break;
      waiter.answer(received);
    }
    wake?.cancel();
    const next = waiters.size > 0 ? byTime.first() : undefined;
    wake = next && clock.at(next.visibleAt, serve);
  };

  /** In the next turn of the event loop, so that what is sent in one turn is received together. */
  const serveSoon = () => {
    if (servingIsDue || waiters.size === 0) return;
    servingIsDue = true;
    setImmediate(serve);
  };

  for (const [id, message] of messages.entries()) place(id, message.visibleFrom);
  for (const [id] of [...receipts.entries()]) if (!places.has(id)) receipts.delete(id);

  const wait = (max: number, visibilitySeconds: number, waitSeconds: number) =>
    new Promise<Received[]>((resolve) => {
      const ends = clock.at(clock.now() + waitSeconds * 1000, () => waiter.answer([]));
      const waiter: Waiter = {
        max,
        visibilitySeconds,
        answer: (received) => {
          waiters.delete(waiter);
          ends.cancel();
          resolve(received);
        },
      };
      waiters.add(waiter);
      serveSoon();
    });

  return {
    put: (id, message) => {
      messages.set(id, message);
      place(id, message.visibleFrom);
      serveSoon();
    },
    receive: async (max, visibilitySeconds, waitSeconds) => {
      const received = take(max, visibilitySeconds);
      return received.length > 0 || waitSeconds === 0 ? received : wait(max, visibilitySeconds, waitSeconds);
    },
    delete: (handle) => {
      const id = idOf(handle);
      if (places.get(id)?.handle === handle) remove(id);
    },
    hide: (handle, seconds) => {
      const id = idOf(handle);
      const here = places.get(id);
      if (here?.handle !== handle)
        throw new ServiceError(
          "InvalidParameterValue",
          `${handle}: no message, or received again meanwhile.`,
        );
      if (here.visibleAt <= clock.now())
        throw new ServiceError("MessageNotInflight", "The message referred to isn't in flight.");
      place(id, clock.now() + seconds * 1000, handle);
      serveSoon();
    },
    purge: () => {
      for (const id of [...places.keys()]) remove(id);
    },
    counts: () => {
      for (const [id, message] of [...messages.entries()]) if (isExpired(message)) remove(id);
      const now = clock.now();
      const hidden = [...places.values()].filter(({ visibleAt }) => visibleAt > now);
      const inFlight = hidden.filter(({ handle }) => handle !== undefined).length;
      return { visible: places.size - hidden.length, inFlight, delayed: hidden.length - inFlight };
    },
    stop: () => {
      wake?.cancel();
      for (const waiter of waiters) waiter.answer([]);
    },
  };
};
