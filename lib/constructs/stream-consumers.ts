/**
 * The two readers of the event store's stream, all that a shard allows: one follows with the read models, one
 * publishes to the bus. They try without limit up to an age that leaves time to act before the stream forgets a
 * record; what is given up is kept whole in a bucket.
 */
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { CfnEventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { watch } from "./alarms.ts";
import { ApplicationFunction, type FunctionOptions } from "./function.ts";
import type { Binding, EventStoreResources } from "./ports.ts";
import type { Role } from "./roles.ts";

/**
 * Order is made by the consumers, so that batches of a shard could run side by side. One at a time keeps up with
 * what a shard can take, its batches are large (a row is written once a batch, ten events go to the bus in one
 * request), and it finds the rows that it wrote itself in its memory.
 */
const settings = {
  startingPosition: "TRIM_HORIZON",
  batchSize: 100,
  parallelizationFactor: 1,
  bisectBatchOnFunctionError: true,
  maximumRetryAttempts: -1,
  maximumRecordAgeInSeconds: Duration.hours(20).toSeconds(),
  functionResponseTypes: ["ReportBatchItemFailures"],
  metricsConfig: { metrics: ["EventCount"] },
};

type StreamConsumersOptions = {
  readonly code: FunctionOptions["code"];
  readonly events: EventStoreResources;
  readonly project: readonly Binding[];
  readonly relay: readonly Binding[];
};

export class StreamConsumers extends Construct {
  readonly failures: Bucket;

  constructor(scope: Construct, id: string, { code, events, project, relay }: StreamConsumersOptions) {
    super(scope, id);
    this.failures = new Bucket(this, "Failures", {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      lifecycleRules: [{ expiration: Duration.days(90) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const follow = {
      environment: {},
      statements: [
        events.follow,
        { actions: ["s3:PutObject"], resources: [this.failures.arnForObjects("*")] },
        { actions: ["s3:ListBucket"], resources: [this.failures.bucketArn] },
      ],
    };
    const consume = (id: string, role: Role, bindings: readonly Binding[]) => {
      const consumer = new ApplicationFunction(this, id, { role, code, bindings: [...bindings, follow] });
      const mapping = new CfnEventSourceMapping(consumer, "Mapping", {
        functionName: consumer.arn,
        eventSourceArn: events.streamArn,
        ...settings,
        destinationConfig: { onFailure: { destination: this.failures.bucketArn } },
      });
      watch(consumer, "streamConsumer", consumer.name);
      watch(consumer, "mapping", mapping.attrId);
    };
    consume("Project", "project", project);
    consume("Relay", "relay", relay);
  }
}
