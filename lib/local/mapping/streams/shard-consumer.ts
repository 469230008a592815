/** Consumes one shard of a stream. Each record that passes the filter goes to the partition of its item. */
import type { Matcher } from "../../events/pattern.ts";
import type { DurableMap } from "../../machine/journal.ts";
import type { BatchPorts } from "./batch.ts";
import { checkpoint } from "./checkpoint.ts";
import type { BatchOrigin } from "./on-failure-destination.ts";
import { type PartitionSettings, partition } from "./partition.ts";
import { type ShardSource, shard } from "./shard.ts";
import { changesNothing, type EngineRecord, partitionOf, streamRecord } from "./stream-record.ts";

export type ShardConsumer = { readonly wake: () => void; readonly stop: () => void };

type ShardConsumerOptions = BatchOrigin &
  Pick<ShardSource, "clock" | "call" | "problem"> &
  Pick<BatchPorts, "invoke" | "discard"> & {
    readonly region: string;
    readonly partitions: number;
    readonly settings: PartitionSettings;
    readonly saved: DurableMap<string>;
    readonly passes: Matcher;
    /** The shard is closed and all of its records are done. */
    readonly done: () => void;
  };

export const shardConsumer = (given: ShardConsumerOptions): ShardConsumer => {
  const { clock, call, problem, streamArn, shardId, invoke, discard } = given;
  const progress = checkpoint(given.saved, `${given.mappingId}/${streamArn}/${shardId}`);
  let isClosed = false;

  const endIfDone = () => {
    if (isClosed && progress.undone() === 0) given.done();
  };

  const done = (records: readonly EngineRecord[]) => {
    progress.done(records.map(({ dynamodb }) => dynamodb.SequenceNumber));
    running.relieve();
    endIfDone();
  };

  const partitions = Array.from({ length: given.partitions }, () =>
    partition(given.settings, { clock, invoke, discard, done }),
  );

  const take = (records: readonly EngineRecord[]) => {
    const dropped: EngineRecord[] = [];
    for (const record of records) {
      const converted = changesNothing(record) ? undefined : streamRecord(record, streamArn, given.region);
      if (!converted || !given.passes(converted)) dropped.push(record);
      else partitions[partitionOf(record, given.partitions)]?.add(converted);
    }
    if (dropped.length > 0) done(dropped);
  };

  const running = shard({
    streamArn,
    shardId,
    clock,
    checkpoint: progress,
    call,
    problem,
    take,
    ended: () => {
      isClosed = true;
      endIfDone();
    },
  });

  return {
    wake: running.wake,
    stop: () => {
      running.stop();
      for (const one of partitions) one.stop();
    },
  };
};
