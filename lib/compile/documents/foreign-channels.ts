/** The channels of other systems in the AsyncAPI document, one for each channel that a translator reads. */
import type { AnyTranslator } from "../../model/translator.ts";
import { exampleOf } from "../schemas/example.ts";
import { foreignSchema, type Schema } from "../schemas/schemas.ts";

const envelope = "foreign-event";

const schemaOf = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const text: Schema = { type: "string", minLength: 1 };

const envelopeSchema: Schema = {
  type: "object",
  description: "CloudEvents 1.0. Source and id identify an event; an event is processed once",
  required: ["specversion", "id", "source", "type"],
  properties: {
    specversion: { const: "1.0" },
    id: text,
    source: text,
    type: text,
    time: { type: "string", format: "date-time" },
    correlationid: text,
    traceparent: text,
    datacontenttype: {
      ...text,
      description: "JSON if absent. Other content types are not supported",
    },
    data_base64: { ...text, contentEncoding: "base64", description: "The data, instead of `data`" },
  },
};

const channelOf = ({ source, channel }: AnyTranslator): string => `${source}.${channel}`;

/** The source is part of the name, because several systems may use the same type. */
const messageOf = ({ source, type }: AnyTranslator): string => `${source}.${type}`;

/** `name` is the name of the application. */
const channelFor = (name: string, all: readonly AnyTranslator[], first: AnyTranslator) => {
  const { source, channel } = first;
  return {
    address: channelOf(first),
    title: `Events of ${source}`,
    description: [
      `Events that ${name} receives from ${source}.`,
      `EventBridge: source \`${source}\`, detail type the event's type; the detail is a CloudEvent, or its data alone.`,
      `Kafka: topic \`${source}.${channel}\`, CloudEvents in binary or structured mode.`,
      `RabbitMQ: topic exchange \`${name}.from.${source}\`, routing key \`${channel}.{type}\`, CloudEvents in either mode.`,
    ].join("\n"),
    messages: Object.fromEntries(
      all.map((each) => [each.type, { $ref: `#/components/messages/${messageOf(each)}` }]),
    ),
  };
};

const messageFor = (translator: AnyTranslator) => {
  const { type, source, schema } = translator;
  const data = exampleOf(foreignSchema(schema));
  return {
    name: type,
    title: type,
    contentType: "application/cloudevents+json",
    payload: {
      allOf: [
        schemaOf(envelope),
        {
          type: "object",
          properties: {
            source: { const: source },
            type: { const: type },
            data: schemaOf(messageOf(translator)),
          },
        },
      ],
    },
    examples: [{ payload: { specversion: "1.0", id: "1", source, type, data } }],
  };
};

const operationFor = (translator: AnyTranslator) => {
  const channel = `#/channels/${channelOf(translator)}`;
  return {
    action: "receive",
    summary: `The translator ${translator.name}`,
    channel: { $ref: channel },
    messages: [{ $ref: `${channel}/messages/${translator.type}` }],
  };
};

type ForeignParts = {
  readonly channels: Readonly<Record<string, ReturnType<typeof channelFor>>>;
  readonly operations: Readonly<Record<string, ReturnType<typeof operationFor>>>;
  readonly messages: Readonly<Record<string, ReturnType<typeof messageFor>>>;
  readonly schemas: Readonly<Record<string, Schema>>;
};

export const foreignParts = (name: string, translators: readonly AnyTranslator[]): ForeignParts => ({
  channels: Object.fromEntries(
    translators.map((each) => [
      channelOf(each),
      channelFor(
        name,
        translators.filter((other) => channelOf(other) === channelOf(each)),
        each,
      ),
    ]),
  ),
  operations: Object.fromEntries(
    translators.map((each) => [`${each.name}.${channelOf(each)}`, operationFor(each)]),
  ),
  messages: Object.fromEntries(translators.map((each) => [messageOf(each), messageFor(each)])),
  schemas: {
    ...(translators.length > 0 && { [envelope]: envelopeSchema }),
    ...Object.fromEntries(translators.map((each) => [messageOf(each), foreignSchema(each.schema)])),
  },
});
