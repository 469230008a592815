/**
 * Reads a topic of Kafka as a consumer group until it is stopped. If the broker or the topic is missing, now or later,
 * it retries, and continues at the last commit of the group.
 */
import { type Consumer, Kafka, logLevel } from "kafkajs";
import { backoffMilliseconds } from "../../machine/random.ts";
import { type Cancellation, cancellationBy } from "../cancellation.ts";
import { isDoneWithin } from "../is-done-within.ts";
import type { Outage } from "../outages.ts";
import { type PartitionSettings, partitions } from "./kafka-partitions.ts";

type KafkaSource = PartitionSettings & {
  /** Each one as host:port. */
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly group: string;
  /** A group that has not committed anything begins at the first message, not at the next one. */
  readonly fromBeginning: boolean;
  readonly outage: Outage;
};

/** The broker answers a read after this time at the latest, even if it has no messages. */
const waitMilliseconds = 250;
/** The group continues without a killed consumer after this time. Brokers do not allow a shorter one. */
const sessionMilliseconds = 6000;
const heartbeatMilliseconds = 2000;
const partitionsMax = 64;
const firstPauseMilliseconds = 200;
const pauseMillisecondsMax = 2000;
/** The time for functions to end, and then for the consumer to leave the group. */
const stopMilliseconds = 3000;
const leaveMilliseconds = 2000;

const clientOf = ({ brokers }: KafkaSource) =>
  new Kafka({
    clientId: "local-cloud",
    brokers: [...brokers],
    connectionTimeout: 1000,
    requestTimeout: 10_000,
    retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 500 },
    logLevel: logLevel.NOTHING,
  });

type Session = {
  readonly cancellation: Cancellation;
  readonly joined: () => void;
  readonly isStopped: () => boolean;
};

/** Throws the error that ends the reading, or resolves after the cancellation. */
const read = async (kafka: Kafka, source: KafkaSource, { cancellation, joined, isStopped }: Session) => {
  const consumer: Consumer = kafka.consumer({
    groupId: source.group,
    sessionTimeout: sessionMilliseconds,
    heartbeatInterval: heartbeatMilliseconds,
    maxWaitTimeInMs: waitMilliseconds,
    allowAutoTopicCreation: false,
    retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 500, restartOnFailure: async () => false },
  });
  const { CRASH, GROUP_JOIN } = consumer.events;
  consumer.on(GROUP_JOIN, joined);
  let hasLeft = false;
  const { eachBatch, settled } = partitions(source, { cancellation, hasLeft: () => hasLeft });
  const crash = new Promise<Error>((resolve) => {
    consumer.on(CRASH, ({ payload }) => resolve(payload.error));
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [source.topic], fromBeginning: source.fromBeginning });
    const run = { autoCommit: false, eachBatchAutoResolve: false, eachBatch };
    if (!cancellation.isCancelled())
      await consumer.run({ ...run, partitionsConsumedConcurrently: partitionsMax });
    const fault = await Promise.race([crash, cancellation.cancelled]);
    if (fault) throw fault;
  } finally {
    cancellation.cancel();
    // Two batches of one partition never run at the same time. A function that hangs must not keep a stopped cloud in
    // the group.
    await (isStopped() ? isDoneWithin(stopMilliseconds, settled()) : settled());
    hasLeft = true;
    await consumer.disconnect().catch(() => {});
  }
};

const isTopicMissing = (fault: unknown): boolean =>
  /does not host this topic/.test(fault instanceof Error ? fault.message : "");

export type TopicReading = { readonly stop: () => Promise<void> };

export const readTopic = (source: KafkaSource): TopicReading => {
  const { clock, outage, topic, brokers } = source;
  const kafka = clientOf(source);
  const pauses = cancellationBy(clock);
  let failures = 0;
  let session = cancellationBy(clock);

  const joined = () => {
    failures = 0;
    outage.works();
  };

  const failed = (fault: unknown) => {
    const broker = `Kafka at ${brokers.join(",")}`;
    const subject = isTopicMissing(fault) ? `topic ${topic} of ${broker}` : broker;
    outage.failed(subject, fault instanceof Error ? fault.message : String(fault));
  };

  const run = async () => {
    while (!pauses.isCancelled()) {
      session = cancellationBy(clock);
      try {
        await read(kafka, source, { cancellation: session, joined, isStopped: pauses.isCancelled });
      } catch (fault) {
        if (!pauses.isCancelled()) failed(fault);
      }
      const wait = backoffMilliseconds(failures++, firstPauseMilliseconds, pauseMillisecondsMax);
      await pauses.until(clock.now() + wait);
    }
  };

  const running = run();
  return {
    stop: async () => {
      pauses.cancel();
      session.cancel();
      await isDoneWithin(stopMilliseconds + leaveMilliseconds, running);
    },
  };
};
