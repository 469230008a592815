/** The receivers that wait for messages. */
import type { Clock, Timer } from "../machine/clock.ts";
import type { Received } from "./message.ts";

export type Poll = { readonly max: number; readonly visibilitySeconds: number };

type LongPolls = {
  /** Resolves with the first messages that arrive, or with none when the wait is over. */
  readonly wait: (poll: Poll, waitSeconds: number) => Promise<Received[]>;
  /**
   * Call it when there may be messages. They are received in the next turn of the event loop, together with others of
   * the same turn.
   */
  readonly serveSoon: () => void;
  /** Answers all receivers, without messages. */
  readonly stop: () => void;
};

type LongPollPorts = {
  readonly clock: Clock;
  readonly take: (poll: Poll) => Received[];
  /** The time when the next hidden message becomes visible. */
  readonly nextVisibleAt: () => number | undefined;
};

type Waiter = Poll & { readonly answer: (received: Received[]) => void };

export const longPolls = ({ clock, take, nextVisibleAt }: LongPollPorts): LongPolls => {
  const waiters = new Set<Waiter>();
  let wake: Timer | undefined;
  let isServingDue = false;

  const serve = () => {
    isServingDue = false;
    for (const waiter of waiters) {
      const received = take(waiter);
      if (received.length === 0) break;
      waiter.answer(received);
    }
    wake?.cancel();
    const next = waiters.size > 0 ? nextVisibleAt() : undefined;
    wake = next === undefined ? undefined : clock.at(next, serve);
  };

  const serveSoon = () => {
    if (isServingDue || waiters.size === 0) return;
    isServingDue = true;
    setImmediate(serve);
  };

  return {
    wait: (poll, waitSeconds) =>
      new Promise((resolve) => {
        const end = clock.at(clock.now() + waitSeconds * 1000, () => waiter.answer([]));
        const waiter: Waiter = {
          ...poll,
          answer: (received) => {
            waiters.delete(waiter);
            end.cancel();
            resolve(received);
          },
        };
        waiters.add(waiter);
        serveSoon();
      }),
    serveSoon,
    stop: () => {
      wake?.cancel();
      for (const waiter of waiters) waiter.answer([]);
    },
  };
};
