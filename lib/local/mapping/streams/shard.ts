/** Reads one shard of a stream and passes its records on: at once after `wake`, otherwise about once per second. */
import type { Clock, Timer } from "../../machine/clock.ts";
import { type ShardReaderOptions, shardReader } from "./shard-reader.ts";
import type { EngineRecord } from "./stream-record.ts";

export type ShardSource = ShardReaderOptions & {
  readonly clock: Clock;
  readonly problem: (message: string) => void;
  /** Takes the records in the order in which they were read. */
  readonly take: (records: readonly EngineRecord[]) => void;
  /** The shard is closed and has been read to its end. */
  readonly ended: () => void;
};

type Shard = {
  /** Call it when there may be more to read. */
  readonly wake: () => void;
  /** Call it when records are done, so that there may be room for more. */
  readonly relieve: () => void;
  readonly stop: () => void;
};

const pollMilliseconds = 1000;
/**
 * Under a steady load, each read waits this long after the previous one, so that it gets many records. AWS polls four
 * times per second.
 */
const pauseMilliseconds = 120;
/** Reading pauses while this many records are not done. */
const undoneMax = 5000;

export const shard = (source: ShardSource): Shard => {
  const { clock, checkpoint, streamArn } = source;
  const reader = shardReader(source);
  let isReading = false;
  let isPausing = false;
  let isWoken = false;
  let isStopped = false;
  let next: Timer | undefined;

  /** Returns whether there may be more records. */
  const readOnce = async (): Promise<boolean> => {
    const { records, isEnd } = await reader.read();
    if (isStopped) return false;
    checkpoint.begin(records.map(({ dynamodb }) => dynamodb.SequenceNumber));
    source.take(records);
    if (isEnd) {
      isStopped = true;
      source.ended();
    }
    return records.length > 0;
  };

  const report = (fault: unknown) => {
    if (!isStopped)
      source.problem(`cannot read ${streamArn}: ${fault instanceof Error ? fault.message : fault}`);
    return false;
  };

  const read = async () => {
    isReading = true;
    isWoken = false;
    const mayHaveMore = await readOnce().catch(report);
    isReading = false;
    if (isStopped) return;
    isPausing = mayHaveMore || isWoken;
    next = clock.at(clock.now() + (isPausing ? pauseMilliseconds : pollMilliseconds), readUnlessFull);
  };

  const readUnlessFull = () => {
    next?.cancel();
    next = undefined;
    isPausing = false;
    if (checkpoint.undone() < undoneMax) void read();
  };

  const wake = () => {
    isWoken = true;
    if (!isReading && !isPausing && !isStopped) readUnlessFull();
  };

  return {
    wake,
    relieve: () => {
      if (!next) wake();
    },
    stop: () => {
      isStopped = true;
      next?.cancel();
    },
  };
};
