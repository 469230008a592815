/**
 * A consumer group of our own, where no poller of Lambda reads: everything in the topics from their beginning, each
 * partition in its order, and committed once it is delivered. Consumers of the same group share the partitions.
 */
import type { Consumer, EachBatchPayload, Kafka } from "kafkajs";
import type { Sleep } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { type KafkaRecord, recordOf } from "./handler/record.ts";

export type GroupSubscription = {
  readonly group: string;
  readonly topics: readonly string[];
  /** Where it throws, the records come again. */
  readonly deliver: (records: readonly KafkaRecord[]) => Promise<void>;
};

export type SubscriberPorts = {
  readonly kafka: Pick<Kafka, "consumer">;
  readonly sleep: Sleep;
  readonly log: Log;
};

/** As many as a function gets at a time by default. */
const batchMax = 100;
/** How long a broker may hold back an answer until there is something in it; stopping waits for it. */
const waitMilliseconds = 500;
/** After so long without a word from it, a consumer's partitions go to the others. */
const sessionMilliseconds = 10_000;
const heartbeatMilliseconds = 2000;
const pauseMilliseconds = 1000;

/** Keeps the consumer in its group for as long as the work takes. */
const beating = async (heartbeat: () => Promise<void>, work: () => Promise<void>) => {
  // That it has left the group meanwhile is found out with the next request, and the records come again.
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

/** Goes on until it is stopped, also where there is no broker yet or any more. */
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
        log.write({ kind: "problem", message: `${group} does not read yet: ${error}`, error });
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
