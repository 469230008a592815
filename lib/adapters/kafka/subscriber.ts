/**
 * A consumer group in our own process, for use without Lambda. It reads the topics from the beginning, each
 * partition in order, and commits records once they are delivered. Consumers of the same group share the
 * partitions.
 */
import type { Consumer, EachBatchPayload, Kafka } from "kafkajs";
import type { Sleep } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { type KafkaRecord, recordOf } from "./handler/record.ts";

/** A consumer group, its topics, and the handler of its records. */
export type GroupSubscription = {
  readonly group: string;
  readonly topics: readonly string[];
  /** If it throws, the records are redelivered. */
  readonly deliver: (records: readonly KafkaRecord[]) => Promise<void>;
};

/** The ports that a subscriber needs. */
export type SubscriberPorts = {
  readonly kafka: Pick<Kafka, "consumer">;
  readonly sleep: Sleep;
  readonly log: Log;
};

/** The default batch size of a function. */
const batchMax = 100;
/** How long a broker may wait for records before it answers. Stopping waits for that answer. */
const waitMilliseconds = 500;
/** If a consumer sends no heartbeat for this time, its partitions go to the other consumers. */
const sessionMilliseconds = 10_000;
const heartbeatMilliseconds = 2000;
const pauseMilliseconds = 1000;

/** Keeps the consumer in its group while the work runs. */
const beating = async (heartbeat: () => Promise<void>, work: () => Promise<void>) => {
  // If the consumer has left the group, the next request fails, and the records are redelivered.
  const timer = setInterval(() => void heartbeat().catch(() => {}), heartbeatMilliseconds);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
};

const deliverBatch =
  (deliver: GroupSubscription["deliver"]) =>
  async ({ batch, heartbeat, resolveOffset, isRunning, isStale, ...offsets }: EachBatchPayload) => {
    const { topic, partition, messages } = batch;
    for (let from = 0; from < messages.length && isRunning() && !isStale(); from += batchMax) {
      const some = messages.slice(from, from + batchMax);
      await beating(heartbeat, () => deliver(some.map((message) => recordOf(topic, partition, message))));
      resolveOffset(some.at(-1)?.offset ?? batch.lastOffset());
      await offsets.commitOffsetsIfNecessary(offsets.uncommittedOffsets());
    }
  };

/** Runs until it is stopped, even while no broker is available. */
export const subscribe = (
  { kafka, sleep, log }: SubscriberPorts,
  { group, topics, deliver }: GroupSubscription,
): { readonly stop: () => Promise<void> } => {
  let stopped = false;
  const consumer: Consumer = kafka.consumer({
    groupId: group,
    sessionTimeout: sessionMilliseconds,
    maxWaitTimeInMs: waitMilliseconds,
    allowAutoTopicCreation: false,
    retry: { restartOnFailure: async () => !stopped },
  });

  const start = async () => {
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({ eachBatchAutoResolve: false, eachBatch: deliverBatch(deliver) });
  };

  const startUntilStarted = async () => {
    while (!stopped) {
      try {
        return await start();
      } catch (error) {
        log.write({ kind: "problem", message: `${group} cannot start reading and retries: ${error}`, error });
        await sleep(pauseMilliseconds);
      }
    }
  };

  const started = startUntilStarted();
  return {
    stop: async () => {
      stopped = true;
      await started;
      await consumer.disconnect();
    },
  };
};
