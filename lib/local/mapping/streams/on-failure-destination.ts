/** Discarded records of a mapping, and the document that its on-failure bucket gets for them, as on AWS. */
import { uniqueId } from "../../machine/random.ts";
import type { Input } from "../../service/service.ts";
import type { StreamRecord } from "./stream-record.ts";

export type Discard = {
  readonly condition: "RetryAttemptsExhausted" | "RecordAgeExceeded";
  readonly records: readonly StreamRecord[];
  /** How often the function was invoked with them. */
  readonly invocations: number;
  /** The id of the last invocation. */
  readonly requestId?: string;
  readonly functionError?: "Unhandled" | null;
};

export type BatchOrigin = {
  readonly mappingId: string;
  readonly functionArn: string;
  readonly streamArn: string;
  readonly shardId: string;
};

const arrivalOf = (record: StreamRecord | undefined) =>
  `${new Date((record?.dynamodb.ApproximateCreationDateTime ?? 0) * 1000).toISOString().slice(0, 19)}Z`;

const failureDocument = (discard: Discard, source: BatchOrigin, now: number) => {
  const { condition, records, invocations, requestId = uniqueId(), functionError } = discard;
  const [first, last] = [records[0], records.at(-1)];
  return {
    requestContext: {
      requestId,
      functionArn: source.functionArn,
      condition,
      approximateInvokeCount: invocations,
    },
    ...(functionError !== undefined && {
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError },
    }),
    version: "1.0",
    timestamp: new Date(now).toISOString(),
    DDBStreamBatchInfo: {
      shardId: source.shardId,
      startSequenceNumber: first?.dynamodb.SequenceNumber,
      endSequenceNumber: last?.dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: arrivalOf(first),
      approximateArrivalOfLastRecord: arrivalOf(last),
      batchSize: records.length,
      streamArn: source.streamArn,
    },
    payload: { Records: records },
  };
};

/** `aws/lambda/<mapping>/<shard>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<random>`, with the time of the document. */
const failureKey = ({ mappingId, shardId }: BatchOrigin, now: number): string => {
  const time = new Date(now).toISOString();
  const folder = time.slice(0, 10).replaceAll("-", "/");
  const second = time.slice(0, 19).replaceAll(":", ".");
  return `aws/lambda/${mappingId}/${shardId}/${folder}/${second}-${uniqueId()}`;
};

/**
 * Puts the document of discarded records into the bucket. Without a bucket, or if the bucket refuses the document, the
 * records are lost, as on AWS, and this is reported.
 */
export const onFailureDestination =
  (
    bucketArn: string | undefined,
    source: BatchOrigin,
    {
      now,
      put,
      problem,
    }: {
      readonly now: () => number;
      readonly put: (input: Input) => Promise<unknown>;
      readonly problem: (message: string) => void;
    },
  ) =>
  async (discard: Discard): Promise<void> => {
    const time = now();
    const what = `gave up ${discard.records.length} records of ${source.streamArn} (${discard.condition})`;
    if (bucketArn === undefined)
      return problem(`${what}: they are lost, because there is no on-failure destination`);
    const Key = failureKey(source, time);
    const Body = JSON.stringify(failureDocument(discard, source, time));
    try {
      await put({ Bucket: bucketArn.split(":::")[1], Key, Body });
      problem(`${what}: they are in ${bucketArn}/${Key}`);
    } catch (fault) {
      problem(`${what}: they are lost, because ${bucketArn} refused them: ${fault}`);
    }
  };
