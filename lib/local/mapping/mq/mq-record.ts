/**
 * A RabbitMQ message as a function gets it and as the filters of a mapping see it. A property that the message does not
 * have is null.
 */
import type { AsyncMessage } from "rabbitmq-client";
import { textOrJson } from "../text-or-json.ts";

/** Bytes in Java are signed. */
const signed = (value: Buffer | string): readonly number[] => [...new Int8Array(Buffer.from(value))];

/** Strings become bytes, at any depth. Other values stay unchanged. */
const headerValue = (value: unknown): unknown => {
  if (typeof value === "string") return { bytes: signed(value) };
  if (Buffer.isBuffer(value)) return signed(value);
  if (Array.isArray(value)) return value.map(headerValue);
  return typeof value === "object" && value !== null ? headerValues(value) : value;
};

const headerValues = (headers: object) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, headerValue(value)]));

const format = new Intl.DateTimeFormat("en-US", {
  dateStyle: "medium",
  timeStyle: "medium",
  timeZone: "UTC",
});

/** The latest time that a Date can have. */
const latest = 8.64e15;

/** Such as `Jan 1, 1970, 12:33:41 AM`. */
const timestampOf = (seconds: number): string =>
  format.format(new Date(Math.min(seconds * 1000, latest))).replaceAll("\u202f", " ");

/**
 * The client always parses JSON and plain text. A JSON body is serialized again here, so it has the same value but
 * maybe not the same text.
 */
const bytesOf = ({ body, contentType }: AsyncMessage): Buffer => {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(contentType === "application/json" ? JSON.stringify(body) : String(body));
};

export const mqRecord = (message: AsyncMessage) => {
  const body = bytesOf(message);
  return {
    basicProperties: {
      contentType: message.contentType ?? null,
      contentEncoding: message.contentEncoding ?? null,
      headers: message.headers ? headerValues(message.headers) : null,
      deliveryMode: message.durable ? 2 : 1,
      priority: message.priority ?? null,
      correlationId: message.correlationId ?? null,
      replyTo: message.replyTo ?? null,
      expiration: message.expiration ?? null,
      messageId: message.messageId ?? null,
      timestamp: message.timestamp === undefined ? null : timestampOf(message.timestamp),
      type: message.type ?? null,
      userId: message.userId ?? null,
      appId: message.appId ?? null,
      clusterId: message.clusterId ?? null,
      bodySize: body.length,
    },
    redelivered: message.redelivered ?? false,
    data: body.toString("base64"),
  };
};

export type MqRecord = ReturnType<typeof mqRecord>;

/** If the body is JSON, a filter sees the parsed value. */
export const filteredBy = (record: MqRecord): unknown => ({ ...record, data: textOrJson(record.data) });

export const mqEvent = (
  { brokerArn, queue, virtualHost }: Readonly<Record<"brokerArn" | "queue" | "virtualHost", string>>,
  records: readonly MqRecord[],
) => ({
  eventSource: "aws:rmq",
  eventSourceArn: brokerArn,
  rmqMessagesByQueue: { [`${queue}::${virtualHost}`]: records },
});
