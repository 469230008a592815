/**
 * The AsyncAPI 3.0 document: what an application publishes on its bus and what it receives from it. Each decider is a
 * channel, each event type a message, and each message a CloudEvent.
 */
import type * as z from "zod";
import type { AnyDecider } from "../../model/decider.ts";
import { cloudEvent } from "../../model/events/cloud-event.ts";
import { receipts } from "../../model/message.ts";
import { storedNameOf } from "../../model/names/stored-name.ts";
import type { EventReference } from "../../model/reference.ts";
import { streamIdPattern } from "../../model/stream.ts";
import { exampleOf } from "../schemas/example.ts";
import { outputSchema, patternOf, type Schema } from "../schemas/schemas.ts";
import { deliveredTo, type Parties } from "./consumers.ts";
import { foreignParts } from "./foreign-channels.ts";

type Publishing = Parties & { readonly name: string; readonly version?: string };

type Reference = { readonly $ref: string };

const schemaOf = (type: string): Reference => ({ $ref: `#/components/schemas/${type}` });
const channelOf = (decider: string): Reference => ({ $ref: `#/channels/${decider}` });
const messageOf = (decider: string, type: string): Reference => ({
  $ref: `#/channels/${decider}/messages/${type}`,
});

const envelope = "cloud-event";

/** The runtime checks a stream id by a function. The document shows the pattern instead. */
const envelopeSchema = (): Schema => {
  const schema = outputSchema(cloudEvent);
  return {
    ...schema,
    description: "CloudEvents 1.0, in structured form. Our metadata are extension attributes",
    properties: {
      ...schema.properties,
      subject: {
        type: "string",
        pattern: patternOf(streamIdPattern),
        description: "The id of the event's stream",
      },
      data: { type: "object" },
    },
  };
};

const exampleEnvelope = (source: string, category: string, type: string, data: unknown) => ({
  specversion: "1.0",
  id: `${category}-1@1`,
  source,
  type,
  subject: `${category}-1`,
  time: "2026-01-31T12:00:00.000Z",
  datacontenttype: "application/json",
  data,
  streamversion: 1,
  commandid: "http/1",
  correlationid: "c-1",
  causationid: "http/1",
});

const messageFor = (source: string, category: string, type: string, schema: z.ZodObject) => ({
  name: type,
  title: type,
  contentType: "application/cloudevents+json",
  correlationId: { location: "$message.payload#/correlationid" },
  payload: {
    allOf: [
      schemaOf(envelope),
      { type: "object", properties: { type: { const: type }, data: schemaOf(type) } },
    ],
  },
  examples: [{ payload: exampleEnvelope(source, category, type, exampleOf(outputSchema(schema))) }],
});

/** Every channel also has the receipts. The first name of a decider remains in stream ids, topics and routing keys. */
const channelFor = (source: string, decider: AnyDecider, types: readonly string[]) => {
  const { name } = decider;
  const category = storedNameOf(decider);
  return {
    address: `${source}.${category}`,
    title: `Events of ${name}`,
    description: [
      `Events of the streams \`${category}-{id}\`.`,
      `EventBridge: source \`${source}\`, detail type the event's type.`,
      `Kafka: topic \`${source}.${category}\`, key the stream's id, CloudEvents in binary mode.`,
      `RabbitMQ: topic exchange \`${source}\`, routing key \`${category}.{type}\`, CloudEvents in binary mode.`,
    ].join("\n"),
    messages: Object.fromEntries(
      types.map((type) => [type, { $ref: `#/components/messages/${name}.${type}` }]),
    ),
  };
};

const receiving = (name: string, summary: string, decider: string, types: readonly string[]) => [
  name,
  {
    action: "receive",
    summary,
    channel: channelOf(decider),
    messages: types.map((type) => messageOf(decider, type)),
  },
];

/** An operation has exactly one channel, so a consumer of several deciders has several operations. */
const listeningTo = (
  name: string,
  summary: string,
  events: readonly Pick<EventReference, "decider" | "type">[],
) =>
  [...new Set(events.map(({ decider }) => decider))].map((decider) => {
    const types = events.filter((event) => event.decider === decider).map(({ type }) => type);
    return receiving(`${name}.${decider}`, summary, decider, [...new Set(types)]);
  });

export const toAsyncApi = (application: Publishing) => {
  const { name: source, version = "0.0.0", deciders, effects, sagas, translators = [] } = application;
  const foreign = foreignParts(source, translators);
  const recorded = deciders.flatMap((decider) =>
    Object.entries({ ...decider.events, ...receipts }).map(([type, schema]) => ({ decider, type, schema })),
  );
  const typesOf = (name: string) =>
    recorded.filter(({ decider }) => decider.name === name).map(({ type }) => type);
  return {
    asyncapi: "3.0.0",
    info: {
      title: source,
      version,
      description:
        "Events are delivered at least once. The id of an event begins with its stream and version, and never changes.",
    },
    defaultContentType: "application/cloudevents+json",
    channels: {
      ...Object.fromEntries(
        deciders.map((decider) => [decider.name, channelFor(source, decider, typesOf(decider.name))]),
      ),
      ...foreign.channels,
    },
    operations: Object.fromEntries([
      ...deciders.map(({ name }) => [
        `publish.${name}`,
        {
          action: "send",
          summary: `Events of ${name}`,
          channel: channelOf(name),
          messages: typesOf(name).map((type) => messageOf(name, type)),
        },
      ]),
      ...effects.flatMap(({ name, on }) => listeningTo(name, `The effect ${name}`, [on])),
      ...sagas.flatMap((saga) => listeningTo(saga.name, `The saga ${saga.name}`, deliveredTo(saga))),
      ...Object.entries(foreign.operations),
    ]),
    components: {
      messages: {
        ...Object.fromEntries(
          recorded.map(({ decider, type, schema }) => [
            `${decider.name}.${type}`,
            messageFor(source, storedNameOf(decider), type, schema),
          ]),
        ),
        ...foreign.messages,
      },
      schemas: {
        [envelope]: envelopeSchema(),
        ...Object.fromEntries(recorded.map(({ type, schema }) => [type, outputSchema(schema)])),
        ...foreign.schemas,
      },
    },
  };
};
