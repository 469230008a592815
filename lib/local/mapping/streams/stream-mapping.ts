/**
 * AWS::Lambda::EventSourceMapping of a DynamoDB stream: gives the records to the function in batches, in
 * the order of each item, until they are done or given up. What is done is in the journal, so a record is
 * given at least once, whatever happens to the process.
 */
import * as z from "zod";
import { propertiesOf } from "../../service/properties.ts";
import {
  type Cloud,
  type Input,
  type MakeProvider,
  type Resource,
  ServiceError,
} from "../../service/service.ts";
import { batchLimit } from "../batch-limit.ts";
import { refuseDuplicates } from "../duplicate-mappings.ts";
import { filterCriteriaSchema, filterOf } from "../filter.ts";
import { mappedFunctionArn, recordsEvent, recordsInvoker } from "../function.ts";
import { sourceKindOf } from "../source-kind.ts";
import { discardInto } from "./discard.ts";
import { type ShardRun, shardRun } from "./shard-run.ts";

const limit = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const isStream = (arn: unknown) => /^arn:[^:]+:dynamodb:/.test(String(arn));

const mappingProperties = z.strictObject({
  EventSourceArn: z
    .string()
    .refine(isStream, "only DynamoDB streams, SQS queues, Kafka and Amazon MQ are run here"),
  FunctionName: z.string(),
  Enabled: z.boolean().default(true),
  StartingPosition: z.literal("TRIM_HORIZON"),
  BatchSize: limit(1, 10_000).default(100),
  MaximumBatchingWindowInSeconds: limit(0, 300).default(0),
  ParallelizationFactor: limit(1, 10).default(1),
  BisectBatchOnFunctionError: z.boolean().default(false),
  MaximumRetryAttempts: limit(-1, 10_000).default(-1),
  MaximumRecordAgeInSeconds: z.union([z.literal(-1), limit(60, 604_800)]).default(-1),
  FunctionResponseTypes: z.array(z.literal("ReportBatchItemFailures")).default([]),
  FilterCriteria: filterCriteriaSchema,
  DestinationConfig: z
    .strictObject({
      OnFailure: z
        .strictObject({ Destination: z.string().regex(/^arn:[^:]+:s3:::/, "only an S3 bucket is run here") })
        .optional(),
    })
    .optional(),
  /** Metrics are not counted here. */
  MetricsConfig: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

type ListedShard = { readonly ShardId: string; readonly ParentShardId?: string };

const mapping = (cloud: Cloud, resource: Resource) => {
  const properties = propertiesOf(resource, mappingProperties);
  const { EventSourceArn: streamArn } = properties;
  const functionArn = mappedFunctionArn(cloud, properties.FunctionName);
  const passes = filterOf(resource, properties.FilterCriteria);
  const shards = new Map<string, ShardRun>();
  const ended = new Set<string>();

  const call = (operation: string, input: Input) =>
    cloud.call(cloud.roleOf(functionArn), "dynamodb", operation, input);
  const problem = (message: string) => cloud.report({ source: resource.id, level: "problem", message });

  /** What AWS asks for when a mapping is made, though it is needed late or by Lambda alone. */
  const checkRights = () => {
    const bucketArn = properties.DestinationConfig?.OnFailure?.Destination;
    const required = [
      { action: "dynamodb:ListStreams", resource: streamArn },
      ...(bucketArn === undefined
        ? []
        : [
            { action: "s3:ListBucket", resource: bucketArn },
            { action: "s3:PutObject", resource: `${bucketArn}/aws/lambda` },
          ]),
    ];
    for (const requirement of required) cloud.authorize(cloud.roleOf(functionArn), requirement);
  };

  const runShard = (shardId: string): ShardRun => {
    const source = { mappingId: resource.name, functionArn, streamArn, shardId };
    return shardRun({
      ...source,
      clock: cloud.clock,
      region: cloud.region,
      lanes: properties.ParallelizationFactor,
      settings: {
        limit: batchLimit(properties.BatchSize, recordsEvent),
        windowSeconds: properties.MaximumBatchingWindowInSeconds,
        retriesMax: properties.MaximumRetryAttempts,
        ageSecondsMax: properties.MaximumRecordAgeInSeconds,
        bisects: properties.BisectBatchOnFunctionError,
        reportsFailures: properties.FunctionResponseTypes.length > 0,
      },
      saved: cloud.journal.map<string>("checkpoints"),
      passes,
      call,
      problem,
      invoke: recordsInvoker(cloud, resource, functionArn),
      discard: discardInto(properties.DestinationConfig?.OnFailure?.Destination, source, {
        now: cloud.clock.now,
        put: (input) => cloud.call(cloud.roleOf(functionArn), "s3", "PutObject", input),
        problem,
      }),
      done: () => {
        ended.add(shardId);
        void follow().catch((fault) => problem(`cannot follow ${streamArn}: ${fault}`));
      },
    });
  };

  /** Starts what is not started of the shards of the stream; a child waits until its parent is done. */
  const follow = async () => {
    // What DescribeStream answers.
    const { StreamDescription } = (await call("DescribeStream", { StreamArn: streamArn })) as {
      readonly StreamDescription: { readonly Shards?: readonly ListedShard[] };
    };
    const { Shards = [] } = StreamDescription;
    const waits = new Set(Shards.map(({ ShardId }) => ShardId).filter((id) => !ended.has(id)));
    for (const { ShardId, ParentShardId } of Shards) {
      if (shards.has(ShardId) || waits.has(ParentShardId ?? "")) continue;
      const run = runShard(ShardId);
      shards.set(ShardId, run);
      run.wake();
    }
  };

  return {
    start: async () => {
      if (!properties.Enabled) return;
      checkRights();
      await follow().catch((fault) => {
        const isUnknown = fault instanceof ServiceError && fault.code === "ResourceNotFoundException";
        // As AWS answers when the mapping is made (recorded: test_esm_with_not_existing_dynamodb_stream).
        throw isUnknown
          ? new ServiceError("InvalidParameterValueException", `Stream not found: ${streamArn}`)
          : fault;
      });
      cloud.onTableWrite(streamArn.split("/")[1] ?? "", () => {
        for (const run of shards.values()) run.wake();
      });
    },
    stop: () => {
      for (const run of shards.values()) run.stop();
    },
  };
};

export const streamMappings: MakeProvider = (cloud, resources) => {
  const own = resources.filter((resource) => sourceKindOf(resource) === "stream");
  refuseDuplicates(cloud, own);
  const mappings = own.map((resource) => mapping(cloud, resource));
  return {
    start: async () => {
      for (const { start } of mappings) await start();
    },
    stop: () => {
      for (const { stop } of mappings) stop();
    },
  };
};
