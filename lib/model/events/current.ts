/**
 * Turns stored events into today's events. Every consumer reads through this function: events come from the store,
 * from the bus, whose messages may wait in queues and archives while the code changes, and from the histories of
 * sagas. No other code knows an old version.
 */
import type * as z from "zod";
import type { AnyDecider } from "../decider.ts";
import { either } from "../either.ts";
import { fits } from "../json/fits/fits.ts";
import { firstFault, wording } from "../json/wording.ts";
import { isReceipt, type Message, type RecordedEvent } from "../message.ts";
import { storedNameOf } from "../names/stored-name.ts";
import { onceFor } from "../once-for.ts";
import { categoryOf } from "../stream.ts";
import { targetsOf, type Upcast, versionOfToday } from "./past.ts";

/**
 * Why an event cannot be read:
 * - unknown: no decider has the type, or no version of it has this number.
 * - newer: the version is above today's. A deployment or its rollback may be under way, so a retry may help.
 * - unfit: the data do not match the schema of their version, or an upcaster made data that do not match the next.
 */
type Unreadable = "unknown" | "newer" | "unfit";

/** A stored event that this version of the application cannot read. */
export class UnreadableEvent extends Error {
  override readonly name = "UnreadableEvent";
  readonly kind: Unreadable;
  readonly event: RecordedEvent;
  constructor(kind: Unreadable, event: RecordedEvent, because: string) {
    const { id, schemaVersion = 1 } = event.metadata;
    super(`event ${id}, ${event.type}@${schemaVersion}: ${because}`);
    this.kind = kind;
    this.event = event;
  }
}

/** Today's events of a stored event: none, one or several. Throws `UnreadableEvent`. */
export type CurrentEvents = (stored: RecordedEvent) => readonly RecordedEvent[];

type Reader =
  | { readonly kind: "today"; readonly schema: z.ZodObject }
  | { readonly kind: "past"; readonly upcast: Upcast };

const nameOf = (type: string, version: number): string => `${type}@${version}`;

/** All versions that a decider can read, by name. */
const readersOf = onceFor(({ events, past = [] }: AnyDecider): ReadonlyMap<string, Reader> => {
  const ofPast = past.map((upcast): readonly [string, Reader] => [
    nameOf(upcast.from.type, upcast.from.version),
    { kind: "past", upcast },
  ]);
  const ofToday = Object.entries(events).map(([type, schema]): readonly [string, Reader] => [
    nameOf(type, versionOfToday(past, type)),
    { kind: "today", schema },
  ]);
  return new Map([...ofPast, ...ofToday]);
});

const readerOf = (decider: AnyDecider, event: RecordedEvent): Reader => {
  const { schemaVersion = 1 } = event.metadata;
  const reader = readersOf(decider).get(nameOf(event.type, schemaVersion));
  if (reader) return reader;
  const { name, events, past = [] } = decider;
  const last = versionOfToday(past, event.type);
  if (!Object.hasOwn(events, event.type))
    throw new UnreadableEvent(
      "unknown",
      event,
      `expected an event that decider ${name} records or has in its past`,
    );
  if (schemaVersion > last)
    throw new UnreadableEvent("newer", event, `expected at most version ${last}; newer code has recorded it`);
  throw new UnreadableEvent("unknown", event, `expected a version that decider ${name} has in its past`);
};

const fitting = (schema: z.ZodObject, event: RecordedEvent): Message["data"] => {
  const result = schema.safeParse(event.data, wording);
  if (result.success) return result.data;
  const { field, because } = firstFault(result.error);
  throw new UnreadableEvent("unfit", event, `${field || "/"} ${because}`);
};

/** The data went through the schema of the version that the upcaster is typed with. */
const upcasted = (upcast: Exclude<Upcast, { kind: "drop" }>, event: RecordedEvent): readonly Message[] => {
  const { streamId, recordedAt } = event.metadata;
  const data = fitting(upcast.from.schema, event) as never;
  try {
    if (upcast.kind === "lift")
      return [{ type: upcast.to.type, data: upcast.up(data, { streamId, recordedAt }) }];
    return upcast.up(data, { streamId, recordedAt });
  } catch (error) {
    throw new UnreadableEvent("unfit", event, `its upcaster failed: ${error}`);
  }
};

/** The id does not depend on where the event was read. A part that is split again keeps the numbers of both. */
const idOfPart = (id: string, index: number): string => (index === 0 ? id : `${id}.${index}`);

/** The version of one of an upcaster's events. A split leads to at most one version of a type. */
const versionOfPart = (
  decider: AnyDecider,
  upcast: Exclude<Upcast, { kind: "drop" }>,
  { stored, type }: { readonly stored: RecordedEvent; readonly type: string },
): number => {
  const target = targetsOf(upcast).find((each) => each.type === type);
  if (target) return target.version ?? versionOfToday(decider.past ?? [], type);
  const types = targetsOf(upcast).map((each) => each.type);
  throw new UnreadableEvent("unfit", stored, `expected its upcaster to make ${either(types)}, got ${type}`);
};

/** A saga sees that its command was answered, even if no consumer needs the events of the answer any more. */
const dropped = (event: RecordedEvent): readonly RecordedEvent[] => {
  const { commandId, sagaId } = event.metadata;
  if (sagaId === undefined) return [];
  const { schemaVersion: _, ...metadata } = event.metadata;
  return [{ type: "CommandIgnored", data: { command: event.type, commandId }, metadata }];
};

/** A split may make no part of some data. The event is then dropped. */
const converted = (decider: AnyDecider, event: RecordedEvent): readonly RecordedEvent[] => {
  const reader = readerOf(decider, event);
  if (reader.kind === "today") return [{ ...event, data: fitting(reader.schema, event) }];
  const { upcast } = reader;
  if (upcast.kind === "drop") return dropped(event);
  const parts = upcasted(upcast, event);
  if (parts.length === 0) return dropped(event);
  return parts.flatMap(({ type, data }, index) => {
    const schemaVersion = versionOfPart(decider, upcast, { stored: event, type });
    const { schemaVersion: _, ...metadata } = { ...event.metadata, id: idOfPart(event.metadata.id, index) };
    const next = { type, data, metadata: schemaVersion === 1 ? metadata : { ...metadata, schemaVersion } };
    return converted(decider, next);
  });
};

/** Most stored events are today's, so a check that is made once per type decides about them. */
const todaysOf = (deciders: readonly AnyDecider[]): ((event: RecordedEvent) => boolean) => {
  const kinds = new Map<string, { prefix: string; version: number; isKept: (data: unknown) => boolean }[]>();
  for (const decider of deciders)
    for (const [type, schema] of Object.entries(decider.events)) {
      const { past = [] } = decider;
      const kind = {
        prefix: `${storedNameOf(decider)}-`,
        version: versionOfToday(past, type),
        isKept: fits(schema),
      };
      kinds.set(type, [...(kinds.get(type) ?? []), kind]);
    }
  return (event) => {
    const known = kinds.get(event.type);
    if (known === undefined) return false;
    const { streamId, schemaVersion = 1 } = event.metadata;
    for (const { version, prefix, isKept } of known)
      if (version === schemaVersion && streamId.startsWith(prefix)) return isKept(event.data);
    return false;
  };
};

/**
 * Reads the events of these deciders. Receipts have no versions. An event of today stays as it is. The same deciders
 * have the same function.
 */
export const currentEvents = onceFor((deciders: readonly AnyDecider[]): CurrentEvents => {
  const byName = new Map(deciders.map((decider) => [storedNameOf(decider), decider]));
  const isToday = todaysOf(deciders);
  return (stored) => {
    if (isToday(stored) || isReceipt(stored)) return [stored];
    const category = categoryOf(stored.metadata.streamId);
    const decider = byName.get(category);
    if (decider) return converted(decider, stored);
    throw new UnreadableEvent("unknown", stored, `expected a stream of a decider, got one of ${category}`);
  };
});
