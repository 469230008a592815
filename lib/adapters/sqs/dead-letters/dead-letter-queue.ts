/** The dead-letter queue of a queue: finds it, and sends a message there at once that can never be processed. */
import { GetQueueAttributesCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { becauseName } from "../../../model/delivery/dead-because.ts";
import { queueUrlOf } from "../queue-url.ts";

/** The attribute with the time at which the message was first sent, in milliseconds since 1970. */
export const sentAttribute = "dead-letter-sent";

const redrivePolicy = z.object({ deadLetterTargetArn: z.string() });

/** Throws if the queue has no dead-letter queue. */
export const deadLetterQueueOf = async (client: SQSClient, queueUrl: string): Promise<string> => {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["RedrivePolicy"] }),
  );
  return queueUrlOf(redrivePolicy.parse(JSON.parse(Attributes?.RedrivePolicy ?? "{}")).deadLetterTargetArn);
};

/** The maximum size of a message in SQS: its body and the names, types and values of its attributes. */
const bytesMax = 1024 * 1024;

const attributesOf = (because: string, sentAt: string) => ({
  [becauseName]: { DataType: "String", StringValue: because },
  [sentAttribute]: { DataType: "Number", StringValue: sentAt },
});

const bytesOf = (attributes: ReturnType<typeof attributesOf>): number =>
  Object.entries(attributes)
    .flatMap(([name, { DataType, StringValue }]) => [name, DataType, StringValue])
    .reduce((bytes, text) => bytes + Buffer.byteLength(text), 0);

/** SQS accepts only the characters of XML 1.0. */
const notInXml = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

type Undeliverable = { readonly body: string; readonly sentAt: string; readonly because: string };

/**
 * Sends the unchanged message with its reason. If the body leaves no room for attributes, it is sent without them.
 */
export const sendToDeadLetters = async (
  client: SQSClient,
  deadLettersUrl: string,
  { body, sentAt, because }: Undeliverable,
): Promise<void> => {
  const attributes = attributesOf(because.replaceAll(notInXml, "\uFFFD"), sentAt);
  const hasRoom = Buffer.byteLength(body) + bytesOf(attributes) <= bytesMax;
  await client.send(
    new SendMessageCommand({
      QueueUrl: deadLettersUrl,
      MessageBody: body,
      ...(hasRoom && { MessageAttributes: attributes }),
    }),
  );
};
