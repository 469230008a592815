/** An SQS message as a function gets it and as the filters of a mapping see it. */
import type { ReceivedMessage } from "../../sqs/message.ts";

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

export const queueRecord = (message: ReceivedMessage, queueArn: string, region: string) => {
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, attribute]) => [
    name,
    {
      ...(attribute.StringValue === undefined
        ? { binaryValue: attribute.BinaryValue }
        : { stringValue: attribute.StringValue }),
      stringListValues: [],
      binaryListValues: [],
      dataType: attribute.DataType,
    },
  ]);
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(attributes),
    ...(message.MD5OfMessageAttributes === undefined
      ? {}
      : { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    md5OfBody: message.MD5OfBody,
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    awsRegion: region,
  };
};

export type QueueRecord = ReturnType<typeof queueRecord>;

/** If the body is a JSON object, a filter sees the parsed object. */
export const filteredBy = (record: QueueRecord): unknown => {
  try {
    const body: unknown = JSON.parse(record.body);
    return isObject(body) ? { ...record, body } : record;
  } catch {
    return record;
  }
};
