/** The inputs of the SQS operations that run here. Unknown members are refused, such as the members for FIFO queues. */
import * as z from "zod";
import { attributeSchema } from "./message.ts";

const seconds = (most: number) => z.int().min(0).max(most);
const QueueUrl = z.string().min(1);
const names = z.array(z.string()).default([]);
const visibility = seconds(43_200);

const message = {
  MessageBody: z.string().min(1),
  DelaySeconds: seconds(900).optional(),
  MessageAttributes: z.record(z.string(), attributeSchema).optional(),
  MessageSystemAttributes: z.strictObject({ AWSTraceHeader: attributeSchema.optional() }).optional(),
};

const entriesOf = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject({ QueueUrl, Entries: z.array(z.strictObject({ Id: z.string().min(1).max(80), ...shape })) });

export const sendRequest = z.strictObject({ QueueUrl, ...message });
export const sendBatchRequest = entriesOf(message);
export const receiveRequest = z.strictObject({
  QueueUrl,
  MaxNumberOfMessages: z.int().min(1).max(10).default(1),
  VisibilityTimeout: visibility.optional(),
  WaitTimeSeconds: seconds(20).optional(),
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
});
export const deleteRequest = z.strictObject({ QueueUrl, ReceiptHandle: z.string() });
export const deleteBatchRequest = entriesOf({ ReceiptHandle: z.string() });
export const hideRequest = z.strictObject({
  QueueUrl,
  ReceiptHandle: z.string(),
  VisibilityTimeout: visibility,
});
export const hideBatchRequest = entriesOf({ ReceiptHandle: z.string(), VisibilityTimeout: visibility });
export const attributesRequest = z.strictObject({ QueueUrl, AttributeNames: names });
export const urlRequest = z.strictObject({
  QueueName: z.string(),
  QueueOwnerAWSAccountId: z.string().optional(),
});
export const listRequest = z.strictObject({
  QueueNamePrefix: z.string().default(""),
  MaxResults: z.int().optional(),
});
export const purgeRequest = z.strictObject({ QueueUrl });

export type SendRequest = Omit<z.infer<typeof sendRequest>, "QueueUrl">;

export const queueProperties = z.strictObject({
  QueueName: z.string().optional(),
  VisibilityTimeout: z.coerce.number().min(0).max(43_200).default(30),
  MessageRetentionPeriod: z.coerce.number().min(60).max(1_209_600).default(345_600),
  ReceiveMessageWaitTimeSeconds: z.coerce.number().min(0).max(20).default(0),
  DelaySeconds: z.coerce.number().min(0).max(900).default(0),
  RedrivePolicy: z
    .strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number().min(1).max(1000) })
    .optional(),
  /** Encryption at rest does not change any answer. */
  KmsMasterKeyId: z.string().optional(),
  KmsDataKeyReusePeriodSeconds: z.coerce.number().optional(),
  SqsManagedSseEnabled: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

export type QueueProperties = z.infer<typeof queueProperties>;
