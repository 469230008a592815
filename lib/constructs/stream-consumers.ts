/**
 * The two readers of the event store's stream: one updates the read models, the other publishes to the bus. A shard
 * allows no third. They retry records until these are 20 hours old, while the stream still keeps them for four more. A
 * record that is given up is stored in a bucket.
 */
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { CfnEventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { watch } from "./alarms/alarms.ts";
import { acknowledge, type Reasons } from "./findings/acknowledge.ts";
import { ApplicationFunction, type FunctionOptions } from "./function.ts";
import type { Binding, EventStoreResources } from "./ports.ts";

/**
 * The consumers restore the order themselves, so batches of a shard could be processed in parallel. One batch at a time
 * is enough for the throughput of a shard, and cheaper: batches are larger (one write per row and batch, ten events per
 * request to the bus), and the function has the rows that it wrote in its cache.
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

const acceptedForFailures: Reasons = {
  "AwsSolutions-S1":
    "Only the two mappings write to the bucket, and only operators read it. Objects are rare and expire after 90 days. A log of its accesses would need a second bucket.",
};

type StreamConsumersOptions = {
  readonly deployment: FunctionOptions["deployment"];
  readonly events: EventStoreResources;
  readonly project: readonly Binding[];
  readonly relay: readonly Binding[];
};

/** The functions that read the stream of the event store. */
export class StreamConsumers extends Construct {
  readonly failures: Bucket;
  /** The name of the relay's log group. */
  readonly relayLogs: string;

  constructor(scope: Construct, id: string, { deployment, events, project, relay }: StreamConsumersOptions) {
    super(scope, id);
    this.failures = new Bucket(this, "Failures", {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      lifecycleRules: [{ expiration: Duration.days(90) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(this.failures, acceptedForFailures);
    const follow = {
      environment: {},
      statements: [
        events.follow,
        {
          actions: ["s3:PutObject"],
          resources: [this.failures.arnForObjects("*")],
          wildcard: "Lambda chooses the keys of the objects.",
        },
        { actions: ["s3:ListBucket"], resources: [this.failures.bucketArn] },
      ],
    };
    const consume = (id: string, role: "project" | "relay", bindings: readonly Binding[]) => {
      const consumer = new ApplicationFunction(this, id, {
        role,
        deployment,
        bindings: [...bindings, follow],
      });
      const mapping = new CfnEventSourceMapping(consumer, "Mapping", {
        functionName: consumer.arn,
        eventSourceArn: events.streamArn,
        ...settings,
        destinationConfig: { onFailure: { destination: this.failures.bucketArn } },
      });
      const { name, logs } = consumer;
      watch(consumer, "streamReader", { name, logGroup: logs });
      watch(consumer, `${role}Mapping`, {
        name: mapping.attrId,
        logGroup: logs,
        bucket: this.failures.bucketName,
      });
      return logs;
    };
    consume("Project", "project", project);
    this.relayLogs = consume("Relay", "relay", relay);
  }
}
