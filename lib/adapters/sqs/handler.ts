/**
 * A queue as a Lambda function. Each message succeeds or fails on its own. A failed message is redelivered until
 * the queue gives it up. A message that can never be processed goes to the dead-letter queue at once, and counts as
 * done once it is there.
 */
import * as z from "zod";
import { deadBecause } from "../../model/delivery/dead-because.ts";
import { dead, type ForeignDelivery, type Handle, type NotDone } from "../../ports/delivery.ts";
import { type BackoffPorts, backOff } from "./backoff.ts";
import { deadLetterQueueOf, sendToDeadLetters } from "./dead-letters/dead-letter-queue.ts";
import { type Received, toDelivery } from "./delivery.ts";
import { toForeignDelivery } from "./foreign-delivery.ts";
import { queueUrlOf } from "./queue-url.ts";

const schema = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      receiptHandle: z.string(),
      body: z.string(),
      attributes: z.object({
        ApproximateReceiveCount: z.coerce.number().int().min(1),
        SentTimestamp: z.string(),
      }),
      eventSourceARN: z.string(),
    }),
  ),
});

/**
 * After this number of deliveries, a message has failed for minutes, so it is not a short outage. No other signal
 * would report it before it becomes a dead letter.
 */
const failingFrom = 10;

type Raw = z.output<typeof schema>["Records"][number];

/** The messages of a batch that SQS delivers again. */
export type BatchItemFailures = {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
};

/** `toEach` throws, with the reason, if the message is unreadable. */
const queueHandler = <Each extends { readonly id: string }>(
  toEach: (received: Received) => Each,
  handle: Handle<Each>,
  ports: BackoffPorts,
) => {
  const { client, log } = ports;
  const deadLetterQueues = new Map<string, Promise<string>>();

  const deadLetterQueue = (queueArn: string): Promise<string> => {
    const found = deadLetterQueues.get(queueArn) ?? deadLetterQueueOf(client, queueUrlOf(queueArn));
    deadLetterQueues.set(queueArn, found);
    found.catch(() => deadLetterQueues.delete(queueArn));
    return found;
  };

  const read = ({ messageId: id, body, attributes }: Raw): { readonly delivery: Each } | NotDone => {
    try {
      return { delivery: toEach({ id, body, receiveCount: attributes.ApproximateReceiveCount }) };
    } catch (error) {
      return dead(id, deadBecause("unreadable", error));
    }
  };

  /** Whether the message is a dead letter now. If not, it must be redelivered. */
  const isDeadLetter = async ({ messageId, body, attributes, eventSourceARN }: Raw, because: string) => {
    try {
      const sentAt = attributes.SentTimestamp;
      await sendToDeadLetters(client, await deadLetterQueue(eventSourceARN), { body, sentAt, because });
      log.write({ kind: "problem", message: `the message ${messageId} is a dead letter: ${because}` });
      return true;
    } catch (error) {
      const message = `the message ${messageId} could not be sent to the dead-letter queue and is retried: ${error}`;
      log.write({ kind: "problem", message, error });
      return false;
    }
  };

  return async (event: unknown): Promise<BatchItemFailures> => {
    const records = schema.parse(event).Records;
    const all = records.map(read);
    const deliveries = all.flatMap((each) => ("delivery" in each ? [each.delivery] : []));
    const unreadable = all.flatMap((each) => ("delivery" in each ? [] : [each]));
    const handled = deliveries.length > 0 ? await handle(deliveries) : [];
    const notDone = new Map([...unreadable, ...handled].map((each) => [each.id, each] as const));
    const failures = records.map(async (record) => {
      const outcome = notDone.get(record.messageId);
      if (!outcome || (outcome.kind === "dead" && (await isDeadLetter(record, outcome.because)))) return [];
      const { receiptHandle, attributes, eventSourceARN: queueArn } = record;
      const receiveCount = attributes.ApproximateReceiveCount;
      if (receiveCount >= failingFrom) log.count("DeliveryFailing");
      await backOff(ports, { receiptHandle, queueArn, receiveCount, waits: outcome.kind === "wait" });
      return [{ itemIdentifier: record.messageId }];
    });
    return { batchItemFailures: (await Promise.all(failures)).flat() };
  };
};

/** A queue with events of ours. */
export const sqsHandler = (handle: Handle, ports: BackoffPorts) => queueHandler(toDelivery, handle, ports);

/** A queue with the events of another system. */
export const sqsIntake = (handle: Handle<ForeignDelivery>, ports: BackoffPorts) =>
  queueHandler(toForeignDelivery, handle, ports);
