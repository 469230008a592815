/** The queue of a mapping, called with the rights of the function's role. */
import { type Caller, type Cloud, type Input, ServiceError } from "../../service/service.ts";
import type { ReceivedMessage } from "../../sqs/message.ts";
import { type BatchLimit, type Weighed, weighed } from "../batch-limit.ts";
import { type QueueRecord, queueRecord } from "./queue-record.ts";

type QueueSource = {
  /** Throws if the role lacks a right or the queue does not fit, as AWS would when the mapping is created. */
  readonly check: (functionTimeoutSeconds: number) => Promise<void>;
  /**
   * Waits for the first record, and then until the batch is full, but no longer than `windowMilliseconds`. SQS returns
   * up to ten messages at once, so there may be more than fit into one event, but never more than `max`.
   */
  readonly gather: (wanted: {
    readonly max: number;
    readonly limit: BatchLimit<QueueRecord>;
    readonly windowMilliseconds: number;
  }) => Promise<readonly Weighed<QueueRecord>[]>;
  readonly remove: (records: readonly QueueRecord[]) => Promise<void>;
};

/** The error that AWS returns when the mapping is created (recorded: test_esm_with_not_existing_sqs_queue). */
const refuseUnknown = (fault: unknown): never => {
  if (!(fault instanceof ServiceError) || fault.code !== "QueueDoesNotExist") throw fault;
  throw new ServiceError(
    "InvalidParameterValueException",
    `Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: ${fault.message}`,
  );
};

const batchMax = 10;
const waitSecondsMax = 20;

export const queueSource = (cloud: Cloud, roleOf: () => Caller, queueArn: string): QueueSource => {
  const QueueUrl = queueArn.split(":").at(-1);
  const call = (operation: string, input: Input) =>
    cloud.call(roleOf(), { service: "sqs", operation, input: { QueueUrl, ...input } });

  const receive = async (max: number, WaitTimeSeconds: number) => {
    // The type of the answer of ReceiveMessage.
    const { Messages = [] } = (await call("ReceiveMessage", {
      MaxNumberOfMessages: Math.min(max, batchMax),
      WaitTimeSeconds,
      AttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    })) as { readonly Messages?: readonly ReceivedMessage[] };
    return Messages.map((message) => weighed(queueRecord(message, queueArn, cloud.region)));
  };

  return {
    check: async (functionTimeoutSeconds) => {
      for (const action of ["sqs:ReceiveMessage", "sqs:DeleteMessage"])
        cloud.authorize(roleOf(), { action, resource: queueArn });
      const asked = call("GetQueueAttributes", { AttributeNames: ["VisibilityTimeout"] });
      // The type of the answer of GetQueueAttributes.
      const { Attributes } = (await asked.catch(refuseUnknown)) as {
        readonly Attributes: { readonly VisibilityTimeout: string };
      };
      if (Number(Attributes.VisibilityTimeout) >= functionTimeoutSeconds) return;
      throw new ServiceError(
        "InvalidParameterValueException",
        `Queue visibility timeout: ${Attributes.VisibilityTimeout} seconds is less than Function timeout: ${functionTimeoutSeconds} seconds`,
      );
    },

    gather: async ({ max, limit, windowMilliseconds }) => {
      const records = [...(await receive(max, waitSecondsMax))];
      const ends = cloud.clock.now() + windowMilliseconds;
      for (let left = windowMilliseconds; records.length > 0 && !limit.isFull(records) && left > 0; ) {
        const wait = Math.min(waitSecondsMax, Math.ceil(left / 1000));
        records.push(...(await receive(max - records.length, wait)));
        left = ends - cloud.clock.now();
      }
      return records;
    },

    remove: async (records) => {
      for (let start = 0; start < records.length; start += batchMax) {
        const Entries = records
          .slice(start, start + batchMax)
          .map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
        await call("DeleteMessageBatch", { Entries });
      }
    },
  };
};
