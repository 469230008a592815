/** One shard of a mapped stream: what is read of it goes through the filter to the lane of its item. */
import type { Matcher } from "../../events/pattern.ts";
import type { DurableMap } from "../../machine/journal.ts";
import { checkpoint } from "./checkpoint.ts";
import type { DiscardSource } from "./discard.ts";
import { type LaneSettings, type LaneWork, lane } from "./lane.ts";
import { type ShardSource, shard } from "./shard.ts";
import { changesNothing, type EngineRecord, laneOf, streamRecord } from "./stream-record.ts";

export type ShardRun = { readonly wake: () => void; readonly stop: () => void };

export type ShardRunSettings = DiscardSource &
  Pick<ShardSource, "clock" | "call" | "problem"> &
  Pick<LaneWork, "invoke" | "discard"> & {
    readonly region: string;
    readonly lanes: number;
    readonly settings: LaneSettings;
    readonly saved: DurableMap<string>;
    readonly passes: Matcher;
    /** The shard is closed and all of it is done. */
    readonly done: () => void;
  };

export const shardRun = (given: ShardRunSettings): ShardRun => {
  const { clock, call, problem, streamArn, shardId, invoke, discard } = given;
  const progress = checkpoint(given.saved, `${given.mappingId}/${streamArn}/${shardId}`);
  let isClosed = false;

  const tellWhenDone = () => {
    if (isClosed && progress.undone() === 0) given.done();
  };

  const done = (records: readonly EngineRecord[]) => {
    progress.done(records.map(({ dynamodb }) => dynamodb.SequenceNumber));
    running.relieve();
    tellWhenDone();
  };

  const lanes = Array.from({ length: given.lanes }, () =>
    lane(given.settings, { clock, invoke, discard, done }),
  );

  const take = (records: readonly EngineRecord[]) => {
    const dropped: EngineRecord[] = [];
    for (const record of records) {
      const converted = changesNothing(record) ? undefined : streamRecord(record, streamArn, given.region);
      if (!converted || !given.passes(converted)) dropped.push(record);
      else lanes[laneOf(record, given.lanes)]?.add(converted);
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
      tellWhenDone();
    },
  });

  return {
    wake: running.wake,
    stop: () => {
      running.stop();
      for (const one of lanes) one.stop();
    },
  };
};
