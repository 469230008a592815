/**
 * A record of a DynamoDB stream as a function gets it. The records of the engine differ: they have the engine's own
 * region and account, their numbers are unique per table only, and writes that change nothing have records too.
 */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";

type Attributes = Readonly<Record<string, unknown>>;

/** A record as GetRecords returns it. */
export type EngineRecord = {
  readonly eventName: "INSERT" | "MODIFY" | "REMOVE";
  readonly eventVersion?: string;
  readonly userIdentity?: unknown;
  readonly dynamodb: {
    /** Seconds since 1970. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Attributes;
    readonly NewImage?: Attributes;
    readonly OldImage?: Attributes;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType?: string;
  };
};

export type StreamRecord = EngineRecord & {
  readonly eventID: string;
  readonly eventSource: "aws:dynamodb";
  readonly awsRegion: string;
  readonly eventSourceARN: string;
};

/** AWS writes no record for such a write. It can be recognized only if the stream has both images. */
export const changesNothing = ({ eventName, dynamodb: { NewImage, OldImage } }: EngineRecord): boolean =>
  eventName === "MODIFY" && NewImage !== undefined && isDeepStrictEqual(NewImage, OldImage);

/** The id is unique among all tables, and is the same each time the record is read. */
export const streamRecord = (record: EngineRecord, streamArn: string, region: string): StreamRecord => ({
  eventID: createHash("md5").update(`${streamArn}/${record.dynamodb.SequenceNumber}`).digest("hex"),
  eventName: record.eventName,
  eventVersion: record.eventVersion ?? "1.1",
  eventSource: "aws:dynamodb",
  awsRegion: region,
  dynamodb: record.dynamodb,
  ...(record.userIdentity !== undefined && record.userIdentity !== null
    ? { userIdentity: record.userIdentity }
    : {}),
  eventSourceARN: streamArn,
});

/** The same number for all records of one item (partition and sort key), so that their order is kept. */
export const partitionOf = ({ dynamodb: { Keys } }: EngineRecord, partitions: number): number => {
  const names = Object.keys(Keys).sort();
  const text = JSON.stringify(names.map((name) => [name, Keys[name]]));
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return (hash >>> 0) % partitions;
};
