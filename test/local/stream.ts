/** A DynamoDB stream for tests: the records put into it, read as from DynamoDB Streams. */
import type { Operation } from "../../lib/local/service.ts";
import { account, region } from "./world.ts";

export const streamArn = `arn:aws:dynamodb:${region}:${account}:table/orders/stream/2026-01-01`;

export type TestStream = {
  /** One record; its sequence number is its place, from 1. */
  readonly write: (pk: string, more?: Readonly<Record<string, unknown>>) => void;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly reads: () => number;
};

export const shardId = "shardId-1";
export const createdAt = 1_657_720_081;

export const testStream = (): TestStream => {
  const records: unknown[] = [];
  let reads = 0;
  const operation = (name: string, run: Operation["run"]): Operation => ({
    requires: () => [{ action: `dynamodb:${name}`, resource: streamArn }],
    run,
  });
  return {
    reads: () => reads,
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
        StreamDescription: { Shards: [{ ShardId: shardId }] },
      })),
      GetShardIterator: operation("GetShardIterator", ({ ShardIteratorType, SequenceNumber }) => ({
        ShardIterator: ShardIteratorType === "TRIM_HORIZON" ? "0" : String(SequenceNumber),
      })),
      GetRecords: operation("GetRecords", ({ ShardIterator, Limit }) => {
        reads += 1;
        const start = Number(ShardIterator);
        const Records = structuredClone(records.slice(start, start + Number(Limit)));
        return { Records, NextShardIterator: String(start + Records.length) };
      }),
    },
  };
};
