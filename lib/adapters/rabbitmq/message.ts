/**
 * An event as a message of AMQP 0-9-1, by analogy with the CloudEvents binding of AMQP 1.0: the attributes are
 * headers `cloudEvents_*`, the content type is the one of the data, and the body is the data. Messages in structured
 * mode, in which the body is the whole CloudEvent, can be read as well.
 */
import { numericExtensions, toCloudEvent } from "../../model/events/cloud-event.ts";
import { dataMembers, isAttributeName, jsonIn } from "../../model/events/event-format.ts";
import type { RecordedEvent } from "../../model/message.ts";

/** A message with its properties. */
export type Message = {
  readonly contentType: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
};

const prefix = "cloudEvents_";
/** The binding allows two separators. Older senders use a colon. */
const attribute = /^cloudEvents[_:](.+)$/;

/** `source` is the name of the application. */
export const toMessage = (event: RecordedEvent, source: string): Message => {
  const { data, datacontenttype, ...attributes } = toCloudEvent(event, source);
  return {
    contentType: datacontenttype,
    headers: Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [`${prefix}${name}`, value]),
    ),
    body: Buffer.from(JSON.stringify(data)),
  };
};

const attributeValue = (name: string, value: unknown): unknown => {
  if (value instanceof Date) return value.toISOString();
  return numericExtensions.has(name) && typeof value === "string" && /^\d+$/.test(value)
    ? Number(value)
    : value;
};

const attributesIn = (headers: Message["headers"]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([header, value]) => {
      const name = attribute.exec(header)?.[1];
      return name === undefined || !isAttributeName(name) ? [] : [[name, attributeValue(name, value)]];
    }),
  );

/**
 * The CloudEvent of a message in the JSON format, with unchecked attributes. Throws, with the reason, if the body
 * does not match its content type.
 */
export const cloudEventIn = ({ contentType, headers, body }: Message): unknown => {
  const mediaType = contentType.split(";", 1)[0]?.trim().toLowerCase() || undefined;
  if (mediaType === "application/cloudevents+json") return jsonIn(body);
  if (mediaType?.startsWith("application/cloudevents"))
    throw new Error(`a CloudEvent as ${mediaType} cannot be read: send application/cloudevents+json`);
  return {
    ...attributesIn(headers),
    ...(mediaType !== undefined && { datacontenttype: mediaType }),
    ...dataMembers(body, mediaType),
  };
};
