/** The properties of AWS::Lambda::EventSourceMapping of a DynamoDB stream that run here. */
import * as z from "zod";
import { filterCriteriaSchema } from "../filter.ts";

const limit = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const isStream = (arn: unknown) => /^arn:[^:]+:dynamodb:/.test(String(arn));

export const mappingProperties = z.strictObject({
  EventSourceArn: z
    .string()
    .refine(isStream, "only DynamoDB streams, SQS queues, Kafka and Amazon MQ run here"),
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
        .strictObject({ Destination: z.string().regex(/^arn:[^:]+:s3:::/, "only an S3 bucket runs here") })
        .optional(),
    })
    .optional(),
  /** The local cloud has no metrics. */
  MetricsConfig: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

export type MappingProperties = z.infer<typeof mappingProperties>;
