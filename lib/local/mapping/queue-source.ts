/** The queue of a mapping, called with the rights of the function's role. */
import { type Caller, type Input, ServiceError, type World } from "../service.ts";
import type { ReceivedMessage } from "../sqs/message.ts";
import { type QueueRecord, queueRecord } from "./queue-record.ts";

export type QueueSource = {
  /** Throws, as creating the mapping would on AWS, when the role lacks a right or the queue is unfit. */
  readonly check: (functionTimeoutSeconds: number) => Promise<void>;
  /** At most `max` records, ten at a time as SQS gives them; waits for the first, and then for no more than `windowMilliseconds`. */
  readonly gather: (max: number, windowMilliseconds: number) => Promise<readonly QueueRecord[]>;
  readonly remove: (records: readonly QueueRecord[]) => Promise<void>;
};

const batchMax = 10;
const waitSecondsMax = 20;

export const queueSource = (world: World, roleOf: () => Caller, queueArn: string): QueueSource => {
  const QueueUrl = queueArn.split(":").at(-1);
  const call = (operation: string, input: Input) =>
    world.call(roleOf(), "sqs", operation, { QueueUrl, ...input });

  const receive = async (max: number, WaitTimeSeconds: number): Promise<readonly QueueRecord[]> => {
    // What ReceiveMessage answers.
    const { Messages = [] } = (await call("ReceiveMessage", {
      MaxNumberOfMessages: Math.min(max, batchMax),
      WaitTimeSeconds,
      AttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    })) as { readonly Messages?: readonly ReceivedMessage[] };
    return Messages.map((message) => queueRecord(message, queueArn, world.region));
  };

  return {
    check: async (functionTimeoutSeconds) => {
      for (const action of ["sqs:ReceiveMessage", "sqs:DeleteMessage"])
        world.authorize(roleOf(), { action, resource: queueArn });
      // What GetQueueAttributes answers.
      const { Attributes } = (await call("GetQueueAttributes", {
        AttributeNames: ["VisibilityTimeout"],
      })) as {
        readonly Attributes: { readonly VisibilityTimeout: string };
      };
      if (Number(Attributes.VisibilityTimeout) >= functionTimeoutSeconds) return;
      throw new ServiceError(
        "InvalidParameterValueException",
        `Queue visibility timeout: ${Attributes.VisibilityTimeout} seconds is less than Function timeout: ${functionTimeoutSeconds} seconds`,
      );
    },

    gather: async (max, windowMilliseconds) => {
      const records = [...(await receive(max, waitSecondsMax))];
      const ends = world.clock.now() + windowMilliseconds;
      for (let left = windowMilliseconds; records.length > 0 && records.length < max && left > 0; ) {
        const wait = Math.min(waitSecondsMax, Math.ceil(left / 1000));
        records.push(...(await receive(max - records.length, wait)));
        left = ends - world.clock.now();
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
