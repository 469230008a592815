/**
 * An event on the bus: a CloudEvent 1.0 in JSON, whose extensions carry the metadata. `fromCloudEvent` restores
 * exactly the event that `toCloudEvent` was given.
 */

import * as z from "zod";
import { isJsonObject } from "../json/json-value.ts";
import { wording } from "../json/wording.ts";
import type { RecordedEvent } from "../message.ts";
import { membersOf } from "./event-format.ts";
import { streamIdText } from "./stream-id.ts";

const data = z.custom<RecordedEvent["data"]>(isJsonObject, { error: "must be an object" });

const aboutStreamVersion = [
  "The position of the event in its stream.",
  "An event that was stored as one may be published as several events, such as `order-1@4` and `order-1@4.1`.",
  "They share the position, so compare the ids of events to recognize one that arrives again",
].join(" ");

/** The names of extensions are lower-case. Attributes that others add on the way are dropped. */
export const cloudEvent = z
  .object({
    specversion: z.literal("1.0"),
    id: z.string().min(1),
    source: z.string().min(1),
    type: z.string().min(1),
    subject: streamIdText,
    time: z.iso.datetime(),
    datacontenttype: z.literal("application/json"),
    data,
    streamversion: z.int().min(1).meta({ description: aboutStreamVersion }),
    commandid: z.string(),
    correlationid: z.string(),
    causationid: z.string(),
    sagaid: z.string().optional(),
    actor: z.string().optional(),
    traceparent: z.string().optional(),
    schemaversion: z
      .int()
      .min(1)
      .optional()
      .meta({ description: "The version of the schema of `data`. Absent for the first" }),
  })
  .readonly();

/** The extensions that are numbers. The headers of some buses hold only strings. */
export const numericExtensions: ReadonlySet<string> = new Set(["streamversion", "schemaversion"]);

type CloudEvent = z.output<typeof cloudEvent>;

/** The object without the keys whose value is undefined. */
const defined = <T extends object>(values: T): Partial<T> => {
  const kept = { ...values };
  for (const key in kept) if (kept[key] === undefined) delete kept[key];
  return kept;
};

/** The CloudEvent of an event. `source` is the name of the application. */
export const toCloudEvent = ({ type, data, metadata }: RecordedEvent, source: string): CloudEvent => {
  const { id, streamId, version, recordedAt, commandId, correlationId, causationId } = metadata;
  const { sagaId, actor, traceparent, schemaVersion } = metadata;
  return {
    specversion: "1.0",
    id,
    source,
    type,
    subject: streamId,
    time: recordedAt,
    datacontenttype: "application/json",
    data,
    streamversion: version,
    commandid: commandId,
    correlationid: correlationId,
    causationid: causationId,
    ...defined({ sagaid: sagaId, actor, traceparent, schemaversion: schemaVersion }),
  };
};

/** The event in a CloudEvent. Throws, with what is wrong and where, on anything that `toCloudEvent` does not make. */
export const fromCloudEvent = (value: unknown): RecordedEvent => {
  const parsed = cloudEvent.safeParse(membersOf(value), wording);
  if (!parsed.success)
    throw new Error(`expected an event of this application: ${z.prettifyError(parsed.error)}`);
  const { id, type, data, subject, time, streamversion, sagaid, actor, traceparent } = parsed.data;
  return {
    type,
    data,
    metadata: {
      id,
      streamId: subject,
      version: streamversion,
      recordedAt: time,
      commandId: parsed.data.commandid,
      causationId: parsed.data.causationid,
      correlationId: parsed.data.correlationid,
      ...defined({ sagaId: sagaid, actor, traceparent, schemaVersion: parsed.data.schemaversion }),
    },
  };
};
