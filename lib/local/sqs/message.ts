/** A message of a queue: what is kept of it, and what its receiver sees. */
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
  /** Later than `sentAt` when it was sent with a delay. */
  readonly visibleFrom: number;
  /** The ARN of the queue that gave it up, in a dead-letter queue. */
  readonly deadLetterOf?: string;
};

/** How often a message was received, and when first. It survives a restart, unlike the time it is hidden. */
export type Receipts = { readonly count: number; readonly firstAt: number };

const md5 = (data: string | Buffer) => createHash("md5").update(data).digest("hex");

export const md5OfBody = (body: string): string => md5(body);

const withLength = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/**
 * As in the SQS developer guide, "Calculating the MD5 message digest for message attributes": by name,
 * each with its length: name, data type, a byte for the kind of the value, value.
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

/** What counts against the size limit: the body and every attribute's name, type and value, in bytes. */
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

/** As ReceiveMessage answers it: attributes only as far as they were asked for. */
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
