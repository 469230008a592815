/**
 * The topics: one a category of streams, and one of dead letters a consumer group. They are made before anybody
 * publishes, for the number of partitions decides which of them a stream is in, and may not change afterwards.
 */
import type { Admin, Kafka } from "kafkajs";
import { categoryOf, type StreamId } from "../../model/stream.ts";

/** Kafka allows letters, digits, dots, dashes and underscores. */
export const topicOf = (source: string, category: string): string => `${source}.${category}`;

export const topicOfStream = (source: string, stream: StreamId): string =>
  topicOf(source, categoryOf(stream));

const deadLetters = ".dead-letters";

export const deadLettersOf = (group: string): string => `${group}${deadLetters}`;

/** Dead letters stay until somebody takes them, and have room for a message of any size with the reason beside it. */
const entriesOf = (topic: string) =>
  topic.endsWith(deadLetters)
    ? [
        { name: "retention.ms", value: "-1" },
        { name: "max.message.bytes", value: String(2 * 1024 * 1024) },
      ]
    : [];

export type TopicOptions = {
  readonly partitions: number;
  /** On how many brokers each is kept; with 3, one may fail and nothing is lost. */
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

/** Takes away what is in those that are there; groups that have read it go on with what comes next. */
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

/** Makes those that are not there, and leaves those alone that are. */
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
