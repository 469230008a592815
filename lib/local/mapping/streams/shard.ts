/**
 * Reads one shard of a stream from its checkpoint on and hands the records to the lanes, as fast as they
 * are done: at once when woken, else about once a second.
 */
import type { Clock, Timer } from "../../machine/clock.ts";
import { type Input, ServiceError } from "../../service/service.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { EngineRecord } from "./stream-record.ts";

export type ShardSource = {
  readonly streamArn: string;
  readonly shardId: string;
  readonly clock: Clock;
  readonly checkpoint: Checkpoint;
  /** A call of DynamoDB Streams with the rights of the function's role. */
  readonly call: (operation: string, input: Input) => Promise<unknown>;
  readonly problem: (message: string) => void;
  /** Takes each record that is read, in order. */
  readonly take: (records: readonly EngineRecord[]) => void;
  /** The shard is closed and all of it is read. */
  readonly ended: () => void;
};

export type Shard = {
  /** There may be more to read. */
  readonly wake: () => void;
  /** Some of what was read is done, so that there may be room for more. */
  readonly relieve: () => void;
  readonly stop: () => void;
};

const pollMilliseconds = 1000;
/** Under steady writing a read waits this long after the last, to get many records; AWS polls four times a second. */
const pauseMilliseconds = 120;
const readMax = 1000;
/** No more is read while this many records are undone. */
const undoneMax = 5000;

type Answer = {
  readonly ShardIterator?: string;
  readonly NextShardIterator?: string | null;
  readonly Records?: EngineRecord[];
};

export const shard = (source: ShardSource): Shard => {
  const { clock, checkpoint, streamArn, shardId } = source;
  let iterator: string | undefined;
  let lastRead = checkpoint.last();
  let isReading = false;
  let isPausing = false;
  let isWoken = false;
  let isStopped = false;
  let next: Timer | undefined;

  const isFull = () => checkpoint.undone() >= undoneMax;

  /** The answers are those of the operations called. */
  const call = async (operation: string, input: Input) => (await source.call(operation, input)) as Answer;

  const newIterator = async () => {
    const from =
      lastRead === undefined
        ? { ShardIteratorType: "TRIM_HORIZON" }
        : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: lastRead };
    return (await call("GetShardIterator", { StreamArn: streamArn, ShardId: shardId, ...from }))
      .ShardIterator;
  };

  /** Tells whether there may be more. */
  const readOnce = async (): Promise<boolean> => {
    iterator ??= await newIterator();
    const { Records = [], NextShardIterator } = await call("GetRecords", {
      ShardIterator: iterator,
      Limit: readMax,
    });
    if (isStopped) return false;
    iterator = NextShardIterator ?? undefined;
    const numbers = Records.map(({ dynamodb }) => dynamodb.SequenceNumber);
    lastRead = numbers.at(-1) ?? lastRead;
    checkpoint.begin(numbers);
    source.take(Records);
    if (NextShardIterator === undefined || NextShardIterator === null) {
      isStopped = true;
      source.ended();
    }
    return Records.length > 0;
  };

  const recover = (fault: unknown) => {
    iterator = undefined;
    if (fault instanceof ServiceError && fault.code.endsWith("TrimmedDataAccessException"))
      lastRead = undefined;
    source.problem(`cannot read ${streamArn}: ${fault instanceof Error ? fault.message : fault}`);
  };

  const read = async () => {
    isReading = true;
    isWoken = false;
    let mayHaveMore = false;
    try {
      mayHaveMore = await readOnce();
    } catch (fault) {
      if (!isStopped) recover(fault);
    }
    isReading = false;
    if (isStopped) return;
    isPausing = mayHaveMore || isWoken;
    next = clock.at(clock.now() + (isPausing ? pauseMilliseconds : pollMilliseconds), readUnlessFull);
  };

  const readUnlessFull = () => {
    next?.cancel();
    next = undefined;
    isPausing = false;
    if (!isFull()) void read();
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
