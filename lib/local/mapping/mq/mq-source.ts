/**
 * A queue of RabbitMQ, read until it is stopped, also where there is no broker or no queue yet or any more. Its
 * messages are given to the function in their order, one batch at a time. A batch is acknowledged once the
 * function has done it; if it fails, it goes back to the queue with all that came after it, so that nothing
 * overtakes it, and is given again after waits that grow. Only a quorum queue without a delivery limit puts what
 * is given back at its end.
 */
import { type AsyncMessage, Connection, ConsumerStatus } from "rabbitmq-client";
import type { Clock } from "../../machine/clock.ts";
import { backoffMilliseconds } from "../../machine/random.ts";
import { type BatchLimit, type Weighed, weighed } from "../batch-limit.ts";
import { cancellationBy } from "../cancellation.ts";
import type { Deliver } from "../delivery.ts";
import { isDoneWithin } from "../is-done-within.ts";
import type { Outage } from "../outages.ts";
import { type MqRecord, mqRecord } from "./mq-record.ts";

export type MqSource = {
  /** With user, password and virtual host. */
  readonly url: string;
  readonly queue: string;
  readonly batchSize: number;
  readonly limit: BatchLimit<MqRecord>;
  readonly windowMilliseconds: number;
  readonly clock: Clock;
  readonly outage: Outage;
  readonly deliver: Deliver<MqRecord>;
};

/** A message that is not acknowledged yet. */
type Held = Weighed<MqRecord> & {
  readonly at: number;
  readonly settle: (status: ConsumerStatus) => void;
};

/** Without a window, what comes together still goes together. */
const gatherMilliseconds = 1;
const firstRetryMilliseconds = 200;
const retryMillisecondsMax = 60_000;
/** As long as functions are given to end. */
const stopMilliseconds = 3000;

const connect = (url: string) =>
  new Connection({
    url,
    acquireTimeout: 5000,
    connectionTimeout: 3000,
    retryLow: 100,
    retryHigh: 1000,
    noDelay: true,
    // The headers of a message have to fit into one frame.
    frameMax: 128 * 1024,
  });

const settleAll = (all: readonly Held[], status: ConsumerStatus) => {
  for (const { settle } of all) settle(status);
};

export const readQueue = (source: MqSource): { readonly stop: () => Promise<void> } => {
  const { clock, queue, batchSize, limit, outage, deliver } = source;
  const windowMilliseconds = Math.max(source.windowMilliseconds, gatherMilliseconds);
  const cancellation = cancellationBy(clock);
  /** In their order. */
  const waiting: Held[] = [];
  let failures = 0;
  let isBusy = false;
  let filled = () => {};

  const isFull = () => limit.isFull(waiting);

  /** Back to the queue, and `first` before the others. */
  const letGo = (first: readonly Held[] = []) =>
    settleAll([...first, ...waiting.splice(0)], ConsumerStatus.REQUEUE);

  /** The window begins with the first message. */
  const gather = (first: Held) =>
    new Promise<void>((resolve) => {
      if (isFull()) return resolve();
      filled = resolve;
      void cancellation.until(first.at + windowMilliseconds).then(resolve);
    });

  const attempt = async () => {
    const batch = waiting.splice(0, limit.countOf(waiting));
    if (await deliver(batch.map(({ record }) => record))) {
      failures = 0;
      return settleAll(batch, ConsumerStatus.ACK);
    }
    letGo(batch);
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

  const take = (message: AsyncMessage) =>
    new Promise<ConsumerStatus>((settle) => {
      waiting.push({ ...weighed(mqRecord(message)), at: clock.now(), settle });
      if (isFull()) filled();
      void run();
    });

  const failed = (fault: { readonly code?: unknown; readonly message?: unknown }) => {
    // What was not acknowledged comes again by itself.
    letGo();
    const broker = `RabbitMQ at ${new URL(source.url).host}`;
    const subject = fault.code === "NOT_FOUND" ? `queue ${queue} of ${broker}` : broker;
    if (!cancellation.isCancelled()) outage.failed(subject, String(fault.message ?? fault));
  };

  const connection = connect(source.url);
  connection.on("error", failed);
  // The consumer says nothing of a missing queue where it has failed before, for want of a broker.
  connection.on("connection", () => void connection.queueDeclare({ queue, passive: true }).catch(failed));
  const flow = { qos: { prefetchCount: batchSize }, concurrency: batchSize };
  const consumer = connection.createConsumer({ queue, queueOptions: { passive: true }, ...flow }, take);
  consumer.on("error", failed);
  consumer.on("ready", outage.works);

  return {
    stop: async () => {
      cancellation.cancel();
      const closed = consumer.close().then(() => connection.close());
      letGo();
      // With no broker there is nobody to acknowledge to.
      await isDoneWithin(connection.ready ? stopMilliseconds : 0, closed);
      connection.unsafeDestroy();
    },
  };
};
