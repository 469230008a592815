/** A message of a queue, as it is stored and as its receiver sees it. */
import { createHash } from "node:crypto";
import * as z from "zod";

export const attributeSchema = z.strictObject({
  DataType: z.string().regex(/^(String|Number|Binary)(\..+)?$/),
  StringValue: z.string().min(1).optional(),
  /** Base64. */
  BinaryValue: z.string().optional(),
});

type MessageAttribute = z.infer<typeof attributeSchema>;
type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

export type Message = {
  readonly body: string;
  readonly attributes?: MessageAttributes;
  readonly traceHeader?: string;
  readonly sender: string;
  readonly sentAt: number;
  /** `sentAt` by the machine's clock. */
  readonly keptSince: number;
  /** Later than `sentAt` if the message was sent with a delay. */
  readonly visibleFrom: number;
  /** In a dead-letter queue: the ARN of the queue that the message came from. */
  readonly deadLetterOf?: string;
};

/**
 * How often a message has been received, and when first. This survives a restart, but the time for which the message is
 * hidden does not.
 */
export type Receipts = { readonly count: number; readonly firstAt: number };

const md5 = (data: string | Buffer) => createHash("md5").update(data).digest("hex");

export const md5OfBody = (body: string): string => md5(body);

const withLength = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/**
 * As described in the SQS developer guide, "Calculating the MD5 message digest for message attributes". Sorted by name,
 * each attribute adds its name, its data type, a byte for the kind of its value, and its value. Each of the strings is
 * preceded by its length.
 */
export const md5OfAttributes = (attributes: MessageAttributes | undefined): string | undefined => {
  const names = Object.keys(attributes ?? {}).sort();
  if (!attributes || names.length === 0) return undefined;
  const parts = names.flatMap((name) => {
    const { DataType = "", StringValue, BinaryValue = "" } = attributes[name] ?? {};
    const value = StringValue === undefined ? Buffer.from(BinaryValue, "base64") : Buffer.from(StringValue);
    const kind = StringValue === undefined ? 2 : 1;
    return [
      withLength(Buffer.from(name)),
      withLength(Buffer.from(DataType)),
      Buffer.from([kind]),
      withLength(value),
    ];
  });
  return md5(Buffer.concat(parts));
};

/**
 * The size that counts against the limit: the bytes of the body, and of the name, type and value of every attribute.
 */
export const sizeOf = (body: string, attributes: MessageAttributes = {}): number =>
  Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = "", BinaryValue = "" }]) =>
      sum +
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType) +
      Buffer.byteLength(StringValue) +
      Buffer.byteLength(BinaryValue, "base64"),
    Buffer.byteLength(body),
  );

export type Received = {
  readonly id: string;
  readonly receiptHandle: string;
  readonly message: Message;
  readonly receipts: Receipts;
};

type Wanted = { readonly system: readonly string[]; readonly attributes: readonly string[] };

const isWanted = (names: readonly string[], name: string) =>
  names.some(
    (wanted) =>
      wanted === "All" ||
      wanted === ".*" ||
      wanted === name ||
      (wanted.endsWith(".*") && name.startsWith(wanted.slice(0, -1))),
  );

/** The message as ReceiveMessage returns it, with only the attributes that were asked for. */
export const toReceivedMessage = ({ id, receiptHandle, message, receipts }: Received, wanted: Wanted) => {
  const system = {
    SenderId: message.sender,
    ApproximateFirstReceiveTimestamp: String(receipts.firstAt),
    ApproximateReceiveCount: String(receipts.count),
    SentTimestamp: String(message.sentAt),
    ...(message.traceHeader === undefined ? {} : { AWSTraceHeader: message.traceHeader }),
    ...(message.deadLetterOf === undefined ? {} : { DeadLetterQueueSourceArn: message.deadLetterOf }),
  };
  const chosen = Object.entries(system).filter(([name]) => isWanted(wanted.system, name));
  const attributes = Object.entries(message.attributes ?? {}).filter(([name]) =>
    isWanted(wanted.attributes, name),
  );
  const custom = Object.fromEntries(attributes);
  return {
    MessageId: id,
    ReceiptHandle: receiptHandle,
    MD5OfBody: md5OfBody(message.body),
    Body: message.body,
    ...(chosen.length > 0 ? { Attributes: Object.fromEntries(chosen) } : {}),
    ...(attributes.length > 0
      ? { MessageAttributes: custom, MD5OfMessageAttributes: md5OfAttributes(custom) }
      : {}),
  };
};

export type ReceivedMessage = ReturnType<typeof toReceivedMessage>;
