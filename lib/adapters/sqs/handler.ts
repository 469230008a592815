/**
 * A queue as a Lambda function. Each message succeeds or fails by itself; one that nobody can read fails like any
 * other, until the queue's dead letters keep it.
 */
import * as z from "zod";
import type { Handle, Intake } from "../../ports/delivery.ts";
import { type BackoffPorts, backOff } from "./backoff.ts";
import { type Received, toDelivery } from "./delivery.ts";
import { toForeignDelivery } from "./foreign-delivery.ts";

const schema = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      receiptHandle: z.string(),
      body: z.string(),
      attributes: z.object({ ApproximateReceiveCount: z.coerce.number().int().min(1) }),
      eventSourceARN: z.string(),
    }),
  ),
});

/** By then it has failed for minutes: no hiccup, and nothing else would say so before it is a dead letter. */
const failingFrom = 10;

type Raw = z.output<typeof schema>["Records"][number];

export type BatchItemFailures = {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
};

/** `toEach` throws, saying what is wrong, on what nobody can read. */
const queueHandler =
  <Each extends { readonly id: string }>(
    toEach: (received: Received) => Each,
    handle: Handle<Each>,
    ports: BackoffPorts,
  ) =>
  async (event: unknown): Promise<BatchItemFailures> => {
    const records = schema.parse(event).Records;

    const read = ({ messageId: id, body, attributes }: Raw): readonly Each[] => {
      try {
        return [toEach({ id, body, receiveCount: attributes.ApproximateReceiveCount })];
      } catch (error) {
        ports.log.write({ kind: "problem", message: `the message ${id} is unreadable: ${error}`, body });
        return [];
      }
    };

    const deliveries = records.flatMap(read);
    const readable = new Set(deliveries.map(({ id }) => id));
    const again = new Set(deliveries.length > 0 ? await handle(deliveries) : []);
    const failed = records.filter(({ messageId }) => again.has(messageId) || !readable.has(messageId));
    for (const { attributes } of failed)
      if (attributes.ApproximateReceiveCount >= failingFrom) ports.log.count("DeliveryFailing");
    await Promise.all(
      failed.map(({ receiptHandle, attributes, eventSourceARN: queueArn }) =>
        backOff(ports, { receiptHandle, queueArn, receiveCount: attributes.ApproximateReceiveCount }),
      ),
    );
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };

/** A queue of events of ours. */
export const sqsHandler = (handle: Handle, ports: BackoffPorts) => queueHandler(toDelivery, handle, ports);

/** A queue of another system's events. */
export const sqsIntake = ({ check, handle }: Intake, ports: BackoffPorts) =>
  queueHandler((received) => toForeignDelivery(received, check), handle, ports);
