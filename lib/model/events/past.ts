/**
 * Earlier versions of events, and the upcasters that turn them into today's events. Stored events never change, so
 * every version that was ever stored stays readable. A change adds one old version and one link; the links that
 * exist are never edited.
 */
import type * as z from "zod";
import type { Message, Schemas } from "../message.ts";
import type { StreamId } from "../stream.ts";

/** A version of an event: one of `events`, which `today` names, or an old one. */
export type Version<Type extends string = string, Schema extends z.ZodObject = z.ZodObject> = {
  readonly type: Type;
  /** Absent for today's version. */
  readonly version?: number;
  readonly schema: Schema;
};

/** A version that is stored and no longer recorded. `old` makes it. */
export type OldVersion<Type extends string = string, Schema extends z.ZodObject = z.ZodObject> = Version<
  Type,
  Schema
> & { readonly version: number; readonly example: z.output<Schema> };

/** What an upcaster may use besides the data: the stream of the stored event, and when it was recorded. */
export type Recorded = {
  readonly streamId: StreamId;
  /** ISO 8601 in UTC. */
  readonly recordedAt: string;
};

/** One of the events that a stored event is split into. `part` makes it. */
export type Part<Type extends string = string> = Message & { readonly type: Type };

/** One step of a stored event towards today. `lift`, `split` and `drop` make it. */
export type Upcast = { readonly from: OldVersion } & (
  | {
      readonly kind: "lift";
      readonly to: Version;
      readonly up: (data: never, recorded: Recorded) => Message["data"];
    }
  | {
      readonly kind: "split";
      readonly into: readonly Version[];
      readonly up: (data: never, recorded: Recorded) => readonly Part[];
    }
  | { readonly kind: "drop"; readonly because: string }
);

/**
 * A version that may be stored. The first version of a type is 1. `validate` reads the example through the whole
 * chain, so each synthesis tests the upcasters with data of that time.
 */
export const old = <const Type extends string, Schema extends z.ZodObject>(
  type: Type,
  version: number,
  schema: Schema,
  example: z.output<Schema>,
): OldVersion<Type, Schema> => ({ type, version, schema, example });

/** Today's version of an event: `today(events, "OrderPlaced")`. */
export const today = <Events extends Schemas, T extends keyof Events & string>(
  events: Events,
  type: T,
): Version<T, Events[T]> => ({ type, schema: events[type] });

/** One event stays one event, with other data, another type, or both. */
export const lift = <From extends z.ZodObject, To extends z.ZodObject>(
  from: OldVersion<string, From>,
  to: Version<string, To>,
  up: (data: z.output<From>, recorded: Recorded) => z.output<To>,
): Upcast => ({ kind: "lift", from, to, up });

/**
 * One event becomes several. The first part keeps the id of the stored event, so that an effect does not run again
 * for it. Put the part that effects listen to first.
 */
export const split = <From extends z.ZodObject, const Into extends readonly Version[]>(
  from: OldVersion<string, From>,
  into: Into,
  up: (data: z.output<From>, recorded: Recorded) => readonly Part<Into[number]["type"]>[],
): Upcast => ({ kind: "split", from, into, up });

/** One of the events of a split, with data that fit its version. */
export const part = <Type extends string, Schema extends z.ZodObject>(
  { type }: Version<Type, Schema>,
  data: z.output<Schema>,
): Part<Type> => ({ type, data });

/** No consumer needs the event any more. It stays stored, and keeps its position in the stream. */
export const drop = (from: OldVersion, because: string): Upcast => ({ kind: "drop", from, because });

/** The number of today's version: one more than the newest old version of the type. */
export const versionOfToday = (past: readonly Upcast[], type: string): number =>
  past.reduce((last, { from }) => (from.type === type ? Math.max(last, from.version) : last), 0) + 1;

/** The versions that a link leads to. A dropped event leads to none. */
export const targetsOf = (upcast: Upcast): readonly Version[] => {
  switch (upcast.kind) {
    case "lift":
      return [upcast.to];
    case "split":
      return upcast.into;
    case "drop":
      return [];
  }
};

/**
 * The types under which events may be stored that are of this type today: the type itself, then the old types that
 * lead to it. A subscription by type needs all of them, because a message of an old type may wait in an archive.
 */
export const storedTypes = (past: readonly Upcast[], type: string): readonly string[] => {
  const found = [type];
  for (const wanted of found)
    for (const upcast of past) {
      const leads = targetsOf(upcast).some((target) => target.type === wanted);
      if (leads && !found.includes(upcast.from.type)) found.push(upcast.from.type);
    }
  return found;
};
