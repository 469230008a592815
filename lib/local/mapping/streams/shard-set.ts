/** The shards of a stream. A child shard begins when its parent is done, so that the order of each item is kept. */
import type { ShardConsumer } from "./shard-consumer.ts";

export type ListedShard = { readonly ShardId: string; readonly ParentShardId?: string };

type ShardSetPorts = {
  /** The current shards of the stream. */
  readonly list: () => Promise<readonly ListedShard[]>;
  /**
   * Makes the consumer of a shard. The consumer calls `done` when the shard is closed and all of its records are done.
   */
  readonly consume: (shardId: string, done: () => void) => ShardConsumer;
  /** Called with the error if the shards cannot be listed after one is done. */
  readonly problem: (fault: unknown) => void;
};

type ShardSet = {
  /** Starts all shards that can start. */
  readonly follow: () => Promise<void>;
  readonly wake: () => void;
  readonly stop: () => void;
};

export const shardSet = ({ list, consume, problem }: ShardSetPorts): ShardSet => {
  const consumers = new Map<string, ShardConsumer>();
  const ended = new Set<string>();

  const start = (shardId: string) => {
    const consumer = consume(shardId, () => {
      ended.add(shardId);
      void follow().catch(problem);
    });
    consumers.set(shardId, consumer);
    consumer.wake();
  };

  const follow = async () => {
    const shards = await list();
    const unfinished = new Set(shards.map(({ ShardId }) => ShardId).filter((id) => !ended.has(id)));
    for (const { ShardId, ParentShardId = "" } of shards)
      if (!consumers.has(ShardId) && !unfinished.has(ParentShardId)) start(ShardId);
  };

  return {
    follow,
    wake: () => {
      for (const consumer of consumers.values()) consumer.wake();
    },
    stop: () => {
      for (const consumer of consumers.values()) consumer.stop();
    },
  };
};
