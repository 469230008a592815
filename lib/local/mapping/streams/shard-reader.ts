/** Reads the records of one shard in order, starting after its checkpoint. */
import { type Input, ServiceError } from "../../service/service.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { EngineRecord } from "./stream-record.ts";

export type ShardReaderOptions = {
  readonly streamArn: string;
  readonly shardId: string;
  readonly checkpoint: Checkpoint;
  /** Calls DynamoDB Streams with the rights of the function's role. */
  readonly call: (operation: string, input: Input) => Promise<unknown>;
};

type ShardReader = {
  /** The next records. After a failure it continues behind the last record that it has answered. */
  readonly read: () => Promise<{ readonly records: readonly EngineRecord[]; readonly isEnd: boolean }>;
};

const readMax = 1000;

type Answer = {
  readonly ShardIterator?: string;
  readonly NextShardIterator?: string | null;
  readonly Records?: EngineRecord[];
};

const isTrimmed = (fault: unknown) =>
  fault instanceof ServiceError && fault.code.endsWith("TrimmedDataAccessException");

export const shardReader = (options: ShardReaderOptions): ShardReader => {
  const { streamArn, shardId, checkpoint } = options;
  let iterator: string | undefined;
  let lastRead = checkpoint.last();

  /** The types of the answers of the operations that are called here. */
  const call = async (operation: string, input: Input) => (await options.call(operation, input)) as Answer;

  const newIterator = async () => {
    const from =
      lastRead === undefined
        ? { ShardIteratorType: "TRIM_HORIZON" }
        : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: lastRead };
    const answer = await call("GetShardIterator", { StreamArn: streamArn, ShardId: shardId, ...from });
    return answer.ShardIterator;
  };

  const next = async () => {
    iterator ??= await newIterator();
    const input = { ShardIterator: iterator, Limit: readMax };
    const { Records: records = [], NextShardIterator } = await call("GetRecords", input);
    iterator = NextShardIterator ?? undefined;
    lastRead = records.at(-1)?.dynamodb.SequenceNumber ?? lastRead;
    return { records, isEnd: iterator === undefined };
  };

  return {
    read: async () => {
      try {
        return await next();
      } catch (fault) {
        iterator = undefined;
        if (isTrimmed(fault)) lastRead = undefined;
        throw fault;
      }
    },
  };
};
