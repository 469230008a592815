/**
 * What a consumer group has not committed yet of a topic: read once, up to its present end, in the order of each
 * partition. Whoever reads is a member of the group for as long as that takes, so that no second one works on the same.
 */
import type { Consumer, Kafka, KafkaMessage } from "kafkajs";

export type Stored = {
  readonly partition: number;
  readonly message: KafkaMessage;
};

export type Backlog = {
  readonly stored: readonly Stored[];
  /** Not all has been read. */
  readonly more: boolean;
  /** What stands before these places is no backlog any more. */
  readonly commit: (offsets: ReadonlyMap<number, bigint>) => Promise<void>;
};

export type BacklogOptions = {
  readonly kafka: Pick<Kafka, "admin" | "consumer">;
  readonly group: string;
  readonly topic: string;
  readonly countMax: number;
};

const sessionMilliseconds = 30_000;
/** How long a broker may hold back an answer until there is something in it; leaving waits for it. */
const waitMilliseconds = 200;

/** The end of each partition that has something to read. */
const unread = async ({ kafka, group, topic }: BacklogOptions): Promise<ReadonlyMap<number, bigint>> => {
  const admin = kafka.admin();
  await admin.connect();
  try {
    if (!(await admin.listTopics()).includes(topic)) return new Map();
    const [committed] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    const done = new Map(committed?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
    const bounds = await admin.fetchTopicOffsets(topic);
    return new Map(
      bounds.flatMap(({ partition, low, high }) => {
        const from = [done.get(partition) ?? -1n, BigInt(low)].reduce((one, other) =>
          one > other ? one : other,
        );
        return from < BigInt(high) ? [[partition, BigInt(high)] as const] : [];
      }),
    );
  } finally {
    await admin.disconnect();
  }
};

/** Resolves with what it has read once that is everything, or enough. */
const readAll = (
  consumer: Consumer,
  { topic, countMax }: BacklogOptions,
  ends: ReadonlyMap<number, bigint>,
): Promise<readonly Stored[]> =>
  new Promise((resolve, reject) => {
    const stored: Stored[] = [];
    const left = new Map(ends);
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      const mine = payload.memberAssignment[topic] ?? [];
      if (![...ends.keys()].every((partition) => mine.includes(partition)))
        reject(new Error(`somebody else is at work on ${topic}: try again later`));
    });
    const finish = () => {
      consumer.pause([{ topic }]);
      resolve(stored);
    };
    consumer
      .run({
        autoCommit: false,
        eachBatch: async ({ batch: { partition, messages } }) => {
          const end = left.get(partition);
          if (end === undefined || stored.length >= countMax) return;
          const wanted = messages.filter(({ offset }) => BigInt(offset) < end);
          stored.push(
            ...wanted.slice(0, countMax - stored.length).map((message) => ({ partition, message })),
          );
          if (messages.some(({ offset }) => BigInt(offset) >= end - 1n)) left.delete(partition);
          if (left.size === 0 || stored.length >= countMax) finish();
        },
      })
      .catch(reject);
  });

const nothing: Backlog = { stored: [], more: false, commit: async () => {} };

/** The group is left once the work is done, however it ends. */
export const withBacklog = async <Result>(
  options: BacklogOptions,
  work: (backlog: Backlog) => Promise<Result>,
): Promise<Result> => {
  const { kafka, group, topic, countMax } = options;
  const ends = await unread(options);
  if (ends.size === 0) return work(nothing);
  const consumer = kafka.consumer({
    groupId: group,
    sessionTimeout: sessionMilliseconds,
    maxWaitTimeInMs: waitMilliseconds,
    allowAutoTopicCreation: false,
    retry: { restartOnFailure: async () => false },
  });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const stored = await readAll(consumer, options, ends);
    return await work({
      stored,
      more: stored.length >= countMax,
      commit: (offsets) =>
        consumer.commitOffsets(
          [...offsets].map(([partition, offset]) => ({ topic, partition, offset: `${offset}` })),
        ),
    });
  } finally {
    await consumer.disconnect();
  }
};
