/**
 * The topics: one per category of streams, and one dead-letter topic per consumer group. They are created before
 * the first event is published, because the number of partitions decides which partition a stream uses and must not
 * change afterwards.
 */
import type { Admin, Kafka } from "kafkajs";
import { categoryOf, type StreamId } from "../../model/stream.ts";

/** Kafka allows letters, digits, dots, dashes and underscores. */
export const topicOf = (source: string, category: string): string => `${source}.${category}`;

/** The topic of a stream. */
export const topicOfStream = (source: string, stream: StreamId): string =>
  topicOf(source, categoryOf(stream));

const deadLetters = ".dead-letters";

/** The topic of a handler's dead letters. */
export const deadLettersOf = (group: string): string => `${group}${deadLetters}`;

/** Dead letters have no expiry, and there is room for a message of any size with its reason. */
const entriesOf = (topic: string) =>
  topic.endsWith(deadLetters)
    ? [
        { name: "retention.ms", value: "-1" },
        { name: "max.message.bytes", value: String(2 * 1024 * 1024) },
      ]
    : [];

/** How new topics are created. */
export type TopicOptions = {
  readonly partitions: number;
  /** The number of brokers that store each topic. With 3, one broker may fail without data loss. */
  readonly replicas: number;
};

const administer = async (
  kafka: Pick<Kafka, "admin">,
  work: (admin: Admin) => Promise<void>,
): Promise<void> => {
  const admin = kafka.admin();
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.disconnect();
  }
};

/** Deletes the records of existing topics. Consumer groups that have read them continue with later records. */
export const emptyTopics = (kafka: Pick<Kafka, "admin">, topics: readonly string[]): Promise<void> =>
  administer(kafka, async (admin) => {
    const present = new Set(await admin.listTopics());
    for (const topic of topics.filter((each) => present.has(each))) {
      const partitions = (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => ({
        partition,
        offset: high,
      }));
      await admin.deleteTopicRecords({ topic, partitions });
    }
  });

/** Creates the missing topics and does not change existing ones. */
export const createTopics = (
  kafka: Pick<Kafka, "admin">,
  topics: readonly string[],
  { partitions, replicas }: TopicOptions,
): Promise<void> =>
  administer(kafka, async (admin) => {
    const present = new Set(await admin.listTopics());
    const missing = topics.filter((topic) => !present.has(topic));
    await admin.createTopics({
      topics: missing.map((topic) => ({
        topic,
        numPartitions: partitions,
        replicationFactor: replicas,
        configEntries: entriesOf(topic),
      })),
      waitForLeaders: true,
    });
  });
