/**
 * The messages that RabbitMQ has delivered and that are not acknowledged. They go to the function in order, one batch
 * at a time. If a batch fails, it goes back to the queue together with all later messages, so that their order is kept.
 */
import { type AsyncMessage, ConsumerStatus } from "rabbitmq-client";
import type { Clock } from "../../machine/clock.ts";
import { backoffMilliseconds } from "../../machine/random.ts";
import { type BatchLimit, type Weighed, weighed } from "../batch-limit.ts";
import type { Cancellation } from "../cancellation.ts";
import type { Deliver } from "../delivery.ts";
import { type MqRecord, mqRecord } from "./mq-record.ts";

export type MessageBatchesOptions = {
  readonly limit: BatchLimit<MqRecord>;
  readonly windowMilliseconds: number;
  readonly clock: Clock;
  readonly deliver: Deliver<MqRecord>;
};

type MessageBatches = {
  /** Resolves when the message is done or must go back to the queue. */
  readonly take: (message: AsyncMessage) => Promise<ConsumerStatus>;
  /** Returns the waiting messages to the queue. */
  readonly requeue: () => void;
};

type Unacknowledged = Weighed<MqRecord> & {
  readonly at: number;
  readonly settle: (status: ConsumerStatus) => void;
};

/** Without a window, messages that arrive together are still delivered together. */
const gatherMilliseconds = 1;
const firstRetryMilliseconds = 200;
const retryMillisecondsMax = 60_000;

const settleAll = (all: readonly Unacknowledged[], status: ConsumerStatus) => {
  for (const { settle } of all) settle(status);
};

export const messageBatches = (
  { limit, windowMilliseconds, clock, deliver }: MessageBatchesOptions,
  cancellation: Cancellation,
): MessageBatches => {
  /** In the order of arrival. */
  const waiting: Unacknowledged[] = [];
  let failures = 0;
  let isBusy = false;
  let onFull = () => {};

  const isFull = () => limit.isFull(waiting);

  /** Returns messages to the queue, with `first` before the others. */
  const requeue = (first: readonly Unacknowledged[] = []) =>
    settleAll([...first, ...waiting.splice(0)], ConsumerStatus.REQUEUE);

  /** The window starts with the first message. */
  const gather = (first: Unacknowledged) =>
    new Promise<void>((resolve) => {
      if (isFull()) return resolve();
      onFull = resolve;
      const window = Math.max(windowMilliseconds, gatherMilliseconds);
      void cancellation.until(first.at + window).then(resolve);
    });

  const attempt = async () => {
    const batch = waiting.splice(0, limit.countOf(waiting));
    if (await deliver(batch.map(({ record }) => record))) {
      failures = 0;
      return settleAll(batch, ConsumerStatus.ACK);
    }
    requeue(batch);
    const wait = backoffMilliseconds(failures++, firstRetryMilliseconds, retryMillisecondsMax);
    await cancellation.until(clock.now() + wait);
  };

  const run = async () => {
    if (isBusy) return;
    isBusy = true;
    for (let first = waiting[0]; first && !cancellation.isCancelled(); first = waiting[0]) {
      await gather(first);
      if (waiting.length > 0 && !cancellation.isCancelled()) await attempt();
    }
    isBusy = false;
  };

  return {
    take: (message) =>
      new Promise((settle) => {
        waiting.push({ ...weighed(mqRecord(message)), at: clock.now(), settle });
        if (isFull()) onFull();
        void run();
      }),
    requeue: () => requeue(),
  };
};
