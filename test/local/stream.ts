/** A DynamoDB stream for tests: the records that a test puts into it, read as from DynamoDB Streams. */
import type { Operation } from "../../lib/local/service/service.ts";
import { account, region } from "./cloud.ts";

export const streamArn = `arn:aws:dynamodb:${region}:${account}:table/orders/stream/2026-01-01`;

export type TestStream = {
  /** One record. Its sequence number is its position, from 1. */
  readonly write: (pk: string, more?: Readonly<Record<string, unknown>>) => void;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly reads: () => number;
  /** Closes the shard after the records so far. Later records are in a child shard. */
  readonly split: () => void;
};

export const shardId = "shardId-1";
const childShardId = "shardId-2";
export const createdAt = 1_657_720_081;

export const testStream = (): TestStream => {
  const records: unknown[] = [];
  let reads = 0;
  /** The number of records in the first shard, once it is closed. */
  let closedAt: number | undefined;
  const operation = (name: string, run: Operation["run"]): Operation => ({
    requires: () => [{ action: `dynamodb:${name}`, resource: streamArn }],
    run,
  });
  return {
    reads: () => reads,
    split: () => {
      closedAt = records.length;
    },
    write: (pk, more = {}) => {
      const SequenceNumber = String(records.length + 1);
      const { eventName = "INSERT", ...images } = more;
      records.push({
        eventID: SequenceNumber,
        eventName,
        eventVersion: "1.1",
        awsRegion: "elsewhere",
        dynamodb: {
          ApproximateCreationDateTime: createdAt,
          Keys: { pk: { S: pk } },
          NewImage: { pk: { S: pk } },
          SequenceNumber,
          SizeBytes: 54,
          StreamViewType: "NEW_IMAGE",
          ...images,
        },
      });
    },
    operations: {
      DescribeStream: operation("DescribeStream", () => ({
        StreamDescription: {
          Shards: [
            ...(closedAt === undefined ? [] : [{ ShardId: childShardId, ParentShardId: shardId }]),
            { ShardId: shardId },
          ],
        },
      })),
      GetShardIterator: operation("GetShardIterator", ({ ShardId, ShardIteratorType, SequenceNumber }) => {
        const first = ShardId === shardId ? 0 : closedAt;
        return {
          ShardIterator: `${ShardId}/${ShardIteratorType === "TRIM_HORIZON" ? first : SequenceNumber}`,
        };
      }),
      GetRecords: operation("GetRecords", ({ ShardIterator, Limit }) => {
        reads += 1;
        const [shard, start] = String(ShardIterator).split("/");
        const end = shard === shardId ? (closedAt ?? records.length) : records.length;
        const Records = structuredClone(
          records.slice(Number(start), Math.min(end, Number(start) + Number(Limit))),
        );
        const next = Number(start) + Records.length;
        const isEnd = shard === shardId && next === closedAt;
        return { Records, NextShardIterator: isEnd ? null : `${shard}/${next}` };
      }),
    },
  };
};
