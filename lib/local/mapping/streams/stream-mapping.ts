/**
 * AWS::Lambda::EventSourceMapping of a DynamoDB stream. It gives the records to the function in batches, in the order
 * of each item, until they are done or discarded. The checkpoint is in the journal, so each record is delivered at
 * least once, even if the process is killed.
 */
import { propertiesOf } from "../../service/properties.ts";
import {
  type Cloud,
  type MakeProvider,
  type Requirement,
  type Resource,
  ServiceError,
} from "../../service/service.ts";
import { batchLimit } from "../batch-limit.ts";
import { filterOf } from "../filter.ts";
import { mappedFunctionArn, recordsEvent, recordsInvoker } from "../function.ts";
import { type Mapping, mappingProvider } from "../mapping-provider.ts";
import { type MappingProperties, mappingProperties } from "./mapping-properties.ts";
import { onFailureDestination } from "./on-failure-destination.ts";
import type { PartitionSettings } from "./partition.ts";
import { type ShardConsumer, shardConsumer } from "./shard-consumer.ts";
import { type ListedShard, shardSet } from "./shard-set.ts";

const partitionSettings = (properties: MappingProperties): PartitionSettings => ({
  limit: batchLimit(properties.BatchSize, recordsEvent),
  windowSeconds: properties.MaximumBatchingWindowInSeconds,
  retriesMax: properties.MaximumRetryAttempts,
  ageSecondsMax: properties.MaximumRecordAgeInSeconds,
  bisects: properties.BisectBatchOnFunctionError,
  reportsFailures: properties.FunctionResponseTypes.length > 0,
});

const bucketOf = ({ DestinationConfig }: MappingProperties) => DestinationConfig?.OnFailure?.Destination;

/** The rights that AWS requires when a mapping is created, even if only Lambda needs them, or only later. */
const requirementsOf = (properties: MappingProperties): readonly Requirement[] => {
  const bucketArn = bucketOf(properties);
  return [
    { action: "dynamodb:ListStreams", resource: properties.EventSourceArn },
    ...(bucketArn === undefined
      ? []
      : [
          { action: "s3:ListBucket", resource: bucketArn },
          { action: "s3:PutObject", resource: `${bucketArn}/aws/lambda` },
        ]),
  ];
};

/**
 * Returns a function that makes the consumer of a shard. `done` is called when the shard is closed and all of its
 * records are done.
 */
const consumerOf = (cloud: Cloud, resource: Resource, properties: MappingProperties) => {
  const { EventSourceArn: streamArn } = properties;
  const functionArn = mappedFunctionArn(cloud, properties.FunctionName);
  const passes = filterOf(resource, properties.FilterCriteria);
  const problem = (message: string) => cloud.report({ source: resource.id, level: "problem", message });
  return (shardId: string, done: () => void): ShardConsumer => {
    const origin = { mappingId: resource.name, functionArn, streamArn, shardId };
    return shardConsumer({
      ...origin,
      clock: cloud.clock,
      region: cloud.region,
      partitions: properties.ParallelizationFactor,
      settings: partitionSettings(properties),
      saved: cloud.journal.map<string>("checkpoints"),
      passes,
      call: (operation, input) =>
        cloud.call(cloud.roleOf(functionArn), { service: "dynamodb", operation, input }),
      problem,
      invoke: recordsInvoker(cloud, resource, functionArn),
      discard: onFailureDestination(bucketOf(properties), origin, {
        now: cloud.clock.now,
        put: (input) =>
          cloud.call(cloud.roleOf(functionArn), { service: "s3", operation: "PutObject", input }),
        problem,
      }),
      done,
    });
  };
};

/** The error that AWS returns when the mapping is created (recorded: test_esm_with_not_existing_dynamodb_stream). */
const refuseUnknown = (streamArn: string) => (fault: unknown) => {
  if (!(fault instanceof ServiceError) || fault.code !== "ResourceNotFoundException") throw fault;
  throw new ServiceError("InvalidParameterValueException", `Stream not found: ${streamArn}`);
};

const mapping =
  (cloud: Cloud) =>
  (resource: Resource): Mapping => {
    const properties = propertiesOf(resource, mappingProperties);
    const { EventSourceArn: streamArn } = properties;
    const role = () => cloud.roleOf(mappedFunctionArn(cloud, properties.FunctionName));
    const consume = consumerOf(cloud, resource, properties);
    const shards = shardSet({
      list: async () => {
        // The type of the answer of DescribeStream.
        const describe = {
          service: "dynamodb",
          operation: "DescribeStream",
          input: { StreamArn: streamArn },
        };
        const answer = (await cloud.call(role(), describe)) as {
          readonly StreamDescription: { readonly Shards?: readonly ListedShard[] };
        };
        return answer.StreamDescription.Shards ?? [];
      },
      consume,
      problem: (fault) =>
        cloud.report({
          source: resource.id,
          level: "problem",
          message: `cannot read ${streamArn}: ${fault}`,
        }),
    });
    return {
      start: async () => {
        if (!properties.Enabled) return;
        for (const requirement of requirementsOf(properties)) cloud.authorize(role(), requirement);
        await shards.follow().catch(refuseUnknown(streamArn));
        cloud.onTableWrite(streamArn.split("/")[1] ?? "", shards.wake);
      },
      stop: shards.stop,
    };
  };

export const streamMappings: MakeProvider = mappingProvider("stream", mapping);
