/**
 * The records of a topic that a consumer group has not committed yet: read once, up to the current end, in order
 * per partition. While it reads, this process is a member of the group, so that no second process works on the same
 * records.
 */
import { setTimeout } from "node:timers/promises";
import type { Consumer, Kafka, KafkaMessage } from "kafkajs";

/** A stored record and its partition. */
export type Stored = {
  readonly partition: number;
  readonly message: KafkaMessage;
};

type Backlog = {
  readonly stored: readonly Stored[];
  /** Whether there are further records. */
  readonly more: boolean;
  /** Commits these offsets. Records before them no longer belong to the backlog. */
  readonly commit: (offsets: ReadonlyMap<number, bigint>) => Promise<void>;
};

type BacklogOptions = {
  readonly kafka: Pick<Kafka, "admin" | "consumer">;
  readonly group: string;
  readonly topic: string;
  readonly countMax: number;
};

const sessionMilliseconds = 30_000;
/** How long a broker may wait for records before it answers. Leaving the group waits for that answer. */
const waitMilliseconds = 200;

type Unread = {
  readonly partitionCount: number;
  /** The end of each partition that has records to read. */
  readonly ends: ReadonlyMap<number, bigint>;
};

const retriesMax = 40;
const retryMilliseconds = 250;

/**
 * The client asks only once. A broker that has just become the coordinator of a group answers with a retriable
 * error.
 */
const onceKnown = async <Result>(ask: () => Promise<Result>, retries = retriesMax): Promise<Result> => {
  try {
    return await ask();
  } catch (error) {
    const passes = error instanceof Error && "retriable" in error && error.retriable === true;
    if (!passes || retries === 0) throw error;
    await setTimeout(retryMilliseconds);
    return onceKnown(ask, retries - 1);
  }
};

const nothingUnread: Unread = { partitionCount: 0, ends: new Map() };

const unread = async ({ kafka, group, topic }: BacklogOptions): Promise<Unread> => {
  const admin = kafka.admin();
  await admin.connect();
  try {
    if (!(await admin.listTopics()).includes(topic)) return nothingUnread;
    const [read] = await onceKnown(() => admin.fetchOffsets({ groupId: group, topics: [topic] }));
    const done = new Map(read?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
    const bounds = await admin.fetchTopicOffsets(topic);
    const ends = new Map(
      bounds.flatMap(({ partition, low, high }) => {
        const from = [done.get(partition) ?? -1n, BigInt(low)].reduce((one, other) =>
          one > other ? one : other,
        );
        return from < BigInt(high) ? [[partition, BigInt(high)] as const] : [];
      }),
    );
    return { partitionCount: bounds.length, ends };
  } finally {
    await admin.disconnect();
  }
};

/** Resolves with the records once all, or `countMax`, have been read. */
const readAll = (
  consumer: Consumer,
  { topic, countMax }: BacklogOptions,
  { partitionCount, ends }: Unread,
): Promise<readonly Stored[]> =>
  new Promise((resolve, reject) => {
    const stored: Stored[] = [];
    const left = new Map(ends);
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      const mine = payload.memberAssignment[topic] ?? [];
      if (mine.length < partitionCount) reject(new Error(`another process is reading ${topic}: retry later`));
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

/**
 * If another member has joined and left, the group has a new generation. The commit fails, the consumer joins
 * again, and the second commit succeeds.
 */
const committed = async (consumer: Consumer, offsets: Parameters<Consumer["commitOffsets"]>[0]) => {
  const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
  try {
    await consumer.commitOffsets(offsets);
  } catch {
    await Promise.race([joined, setTimeout(sessionMilliseconds, undefined, { ref: false })]);
    await consumer.commitOffsets(offsets);
  }
};

const nothing: Backlog = { stored: [], more: false, commit: async () => {} };

/** Leaves the group when the work ends, whether it succeeds or fails. */
export const withBacklog = async <Result>(
  options: BacklogOptions,
  work: (backlog: Backlog) => Promise<Result>,
): Promise<Result> => {
  const { kafka, group, topic, countMax } = options;
  const found = await unread(options);
  if (found.ends.size === 0) return work(nothing);
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
    const stored = await readAll(consumer, options, found);
    return await work({
      stored,
      more: stored.length >= countMax,
      commit: (offsets) =>
        committed(
          consumer,
          [...offsets].map(([partition, offset]) => ({ topic, partition, offset: `${offset}` })),
        ),
    });
  } finally {
    await consumer.disconnect();
  }
};
