/**
 * Reads a queue of RabbitMQ until it is stopped, even while the broker or the queue is missing. A batch is acknowledged
 * when the function has done it. If it fails, it is delivered again after increasing waits. Only a quorum queue without
 * a delivery limit puts returned messages at its end.
 */
import { Connection } from "rabbitmq-client";
import { cancellationBy } from "../cancellation.ts";
import { isDoneWithin } from "../is-done-within.ts";
import type { Outage } from "../outages.ts";
import { type MessageBatchesOptions, messageBatches } from "./message-batches.ts";

type MqSource = MessageBatchesOptions & {
  /** With user, password and virtual host. */
  readonly url: string;
  readonly queue: string;
  readonly batchSize: number;
  readonly outage: Outage;
};

/** The time for functions to end. */
const stopMilliseconds = 3000;

const connect = (url: string) =>
  new Connection({
    url,
    acquireTimeout: 5000,
    connectionTimeout: 3000,
    retryLow: 100,
    retryHigh: 1000,
    noDelay: true,
    // The headers of a message must fit into one frame.
    frameMax: 128 * 1024,
  });

export type QueueReading = { readonly stop: () => Promise<void> };

export const readQueue = (source: MqSource): QueueReading => {
  const { url, queue, batchSize, outage } = source;
  const cancellation = cancellationBy(source.clock);
  const { take, requeue } = messageBatches(source, cancellation);

  const failed = (fault: { readonly code?: unknown; readonly message?: unknown }) => {
    // The broker delivers unacknowledged messages again after the connection is closed.
    requeue();
    const broker = `RabbitMQ at ${new URL(url).host}`;
    const subject = fault.code === "NOT_FOUND" ? `queue ${queue} of ${broker}` : broker;
    if (!cancellation.isCancelled()) outage.failed(subject, String(fault.message ?? fault));
  };

  const connection = connect(url);
  connection.on("error", failed);
  // If the consumer failed before because the broker was missing, it does not report a missing queue.
  connection.on("connection", () => void connection.queueDeclare({ queue, passive: true }).catch(failed));
  const flow = { qos: { prefetchCount: batchSize }, concurrency: batchSize };
  const consumer = connection.createConsumer({ queue, queueOptions: { passive: true }, ...flow }, take);
  consumer.on("error", failed);
  consumer.on("ready", outage.works);

  return {
    stop: async () => {
      cancellation.cancel();
      const closed = consumer.close().then(() => connection.close());
      requeue();
      // Without a broker, close() would wait for an answer.
      await isDoneWithin(connection.ready ? stopMilliseconds : 0, closed);
      connection.unsafeDestroy();
    },
  };
};
