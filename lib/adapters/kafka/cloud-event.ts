/**
 * CloudEvents 1.0 in Kafka. Our events travel in binary mode: the attributes are headers, the data is the value,
 * and the stream is the key. Both modes can be read, because other systems may use structured mode, in which the
 * value is the whole event as JSON.
 */
import { fromCloudEvent, numericExtensions, toCloudEvent } from "../../model/events/cloud-event.ts";
import { dataMembers, isAttributeName, jsonIn } from "../../model/events/event-format.ts";
import { type ForeignEvent, toForeignEvent } from "../../model/events/foreign-event.ts";
import type { RecordedEvent } from "../../model/message.ts";
import type { KafkaRecord } from "./handler/record.ts";

/** A message that carries an event. */
export type EventMessage = {
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
};

const contentType = "content-type";
const prefix = "ce_";

/** The message of an event. */
export const toMessage = (event: RecordedEvent, source: string): EventMessage => {
  const { data, datacontenttype, ...attributes } = toCloudEvent(event, source);
  const headers = Object.entries(attributes).map(([name, value]) => [`${prefix}${name}`, String(value)]);
  return {
    key: attributes.subject,
    value: JSON.stringify(data),
    headers: { [contentType]: datacontenttype, ...Object.fromEntries(headers) },
  };
};

/** A CloudEvent of any system: its attributes, and its data as `data` or `data_base64`. */
export type AnyCloudEvent = Readonly<Record<string, unknown>>;

const attributeOf = (name: string, text: string): unknown =>
  numericExtensions.has(name) && /^\d+$/.test(text) ? Number(text) : text;

const textOf = (bytes: Uint8Array): string => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

/** The name of the attribute in a header. Undefined for any other header. */
const nameIn = (header: string): string | undefined => {
  const name = header.slice(prefix.length);
  return header.startsWith(prefix) && isAttributeName(name) ? name : undefined;
};

const fromBinary = (headers: ReadonlyMap<string, string>, value: Uint8Array | undefined): AnyCloudEvent => {
  const attributes = [...headers].flatMap(([header, text]) => {
    const name = nameIn(header);
    return name === undefined ? [] : [[name, attributeOf(name, text)]];
  });
  const mediaType = headers.get(contentType);
  return {
    ...Object.fromEntries(attributes),
    ...(mediaType === undefined ? {} : { datacontenttype: mediaType }),
    ...dataMembers(value, mediaType),
  };
};

const fromStructured = (value: Uint8Array | undefined): AnyCloudEvent => {
  const event: unknown = jsonIn(value ?? new Uint8Array());
  if (typeof event !== "object" || event === null || Array.isArray(event))
    throw new Error("a structured CloudEvent must be a JSON object");
  return { ...event };
};

/** Throws, with the reason, if the record is in neither mode. The attributes are not checked. */
export const cloudEventOf = ({ headers, value }: Pick<KafkaRecord, "headers" | "value">): AnyCloudEvent => {
  const texts = new Map(headers.map(([name, bytes]) => [name.toLowerCase(), textOf(bytes)]));
  const mediaType = texts.get(contentType)?.toLowerCase() ?? "";
  if (/^application\/cloudevents\+json\s*(;|$)/.test(mediaType)) return fromStructured(value);
  if (mediaType.startsWith("application/cloudevents"))
    throw new Error(`a CloudEvent as ${mediaType} cannot be read: send application/cloudevents+json`);
  if (!texts.has("ce_specversion"))
    throw new Error("not a CloudEvent: send a header ce_specversion or application/cloudevents+json");
  return fromBinary(texts, value);
};

/** Throws, with the reason, if the record is not an event of ours. */
export const recordedEventOf = (record: Pick<KafkaRecord, "headers" | "value">): RecordedEvent =>
  fromCloudEvent(cloudEventOf(record));

/** Throws, with the reason, if the record is not a CloudEvent. */
export const foreignEventOf = (record: Pick<KafkaRecord, "headers" | "value">): ForeignEvent =>
  toForeignEvent(cloudEventOf(record));
