/** Read models: rows by key, which follow from the events of one or more deciders. */
import type * as z from "zod";
import type { AnyDecider } from "./decider.ts";
import { asJson, isJsonObject } from "./json/json-value.ts";
import { firstFault, wording } from "./json/wording.ts";
import type { EventOf, RecordedEvent, Schemas } from "./message.ts";

type Handler<Row, Event extends RecordedEvent> = {
  /**
   * The key of the row that this event changes: a field of its data, or the result of a function. If it is the
   * field that the decider names as `identifiedBy`, all events of a stream change one row, which then also holds
   * the checkpoint. Events of several streams may change the same row.
   */
  readonly key: (keyof Event["data"] & string) | ((event: Event) => string);
  /**
   * The row after this event. `row` is undefined if there is no such row yet. Return undefined to delete the row,
   * and a new object to change it. If it throws, the stream is parked for this projection.
   */
  readonly evolve: (row: Row | undefined, event: Event) => Row | undefined;
};

/** The fields of a row that are strings, which an index can sort and compare. */
type FieldOf<Row> = {
  [F in keyof Row & string]: Row[F] extends string | undefined ? F : never;
}[keyof Row & string];

/**
 * A list of the rows: those with a given value in the field `by`, or all rows if there is no `by`. `newestFirst` is
 * the field that sorts them in descending order. A row that lacks one of the two fields is not in the list.
 */
export type Index<Field extends string = string> = { readonly by?: Field; readonly newestFirst?: Field };

type EventFrom<Source> = Source extends { readonly events: infer Events extends Schemas }
  ? EventOf<Events>
  : never;

/**
 * A read model with one row per key. `Source` is the union of the types of its deciders. The events of a stream
 * arrive in order and once. Between streams there is no order, so let a field depend on the events of one stream,
 * or make its evolution commutative, as a sum is.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import type { Decider, Projection } from "eventfold";
 * import { recorded, rowsAfter } from "eventfold/testing";
 * import * as z from "zod";
 *
 * const seatId = z.string();
 * const commands = { ReserveSeat: z.object({ seatId, guest: z.string() }) };
 * const events = { SeatReserved: z.object({ seatId, guest: z.string() }) };
 *
 * const seats: Decider<null, typeof commands, typeof events, readonly []> = {
 *   name: "seat",
 *   identifiedBy: "seatId",
 *   commands,
 *   events,
 *   rejections: [],
 *   initialState: null,
 *   decide: { ReserveSeat: ({ data }) => [{ type: "SeatReserved", data }] },
 *   evolve: { SeatReserved: () => null },
 * };
 *
 * const row = z.object({ guest: z.string(), seats: z.int() });
 *
 * const seatsPerGuest: Projection<typeof row, typeof seats> = {
 *   name: "seats-per-guest",
 *   row,
 *   sources: [seats],
 *   on: {
 *     SeatReserved: {
 *       key: "guest",
 *       evolve: (before, { data: { guest } }) => ({ guest, seats: (before?.seats ?? 0) + 1 }),
 *     },
 *   },
 *   indexes: { byGuest: { by: "guest" } },
 * };
 *
 * const reserved = recorded(seats, [
 *   { type: "SeatReserved", data: { seatId: "12A", guest: "Ada" } },
 *   { type: "SeatReserved", data: { seatId: "12B", guest: "Ada" } },
 * ]);
 * assert.deepEqual(rowsAfter(seatsPerGuest, reserved), { Ada: { guest: "Ada", seats: 2 } });
 * ```
 */
export type Projection<Row extends z.ZodObject, Source extends AnyDecider> = {
  /** Names its table. Unique among the projections of an application. */
  readonly name: string;
  /** Its earlier names, the oldest first. A renamed projection keeps its table and its checkpoints. */
  readonly formerly?: readonly string[];
  /** The schema of a row. A row that does not fit parks the stream. JSON must be able to represent the row. */
  readonly row: Row;
  /** The deciders whose events it uses. */
  readonly sources: readonly Source[];
  /** The events that change rows. It ignores all others. */
  readonly on: {
    readonly [E in EventFrom<Source> as E["type"]]?: Handler<z.output<Row>, RecordedEvent<E>>;
  };
  /** The lists that routes can read, by name; at most 20. */
  readonly indexes?: Readonly<Record<string, Index<FieldOf<Required<z.output<Row>>>>>>;
};

/** A projection whose types are not known, as the runtime holds it. */
export type AnyProjection = {
  readonly name: string;
  readonly formerly?: readonly string[];
  readonly row: z.ZodObject;
  readonly sources: readonly AnyDecider[];
  readonly on: Readonly<
    Record<
      string,
      {
        readonly key: string | ((event: never) => string);
        readonly evolve: (row: never, event: never) => unknown;
      }
    >
  >;
  readonly indexes?: Readonly<Record<string, Index>>;
};

/** A row as it is stored: a JSON object. */
export type Row = Readonly<Record<string, unknown>>;

const handlerOf = ({ on }: AnyProjection, { type }: RecordedEvent) =>
  Object.hasOwn(on, type) ? on[type] : undefined;

/**
 * The key of the row that an event changes. Undefined if the projection does not use the event. Throws if the key
 * is not a string, or is empty.
 */
export const keyOf = (projection: AnyProjection, event: RecordedEvent): string | undefined => {
  const handler = handlerOf(projection, event);
  if (!handler) return undefined;
  // The handler was found under the type of the event.
  const key = typeof handler.key === "string" ? event.data[handler.key] : handler.key(event as never);
  if (typeof key !== "string" || key === "")
    throw new Error(
      `projection ${projection.name}: expected the key of ${event.type} ${event.metadata.id} to be a string, got ${key === "" ? "an empty one" : typeof key}`,
    );
  return key;
};

/** Whether every event of a stream of this decider changes the row whose key is the id of the stream. */
export const isKeyedByStream = (projection: AnyProjection, decider: AnyDecider): boolean =>
  Object.entries(projection.on)
    .filter(([type]) => Object.hasOwn(decider.events, type))
    .every(([, { key }]) => key === decider.identifiedBy);

/**
 * The row after this event, or undefined if there is none. Answers the same row if the projection does not use the
 * event. Does not apply the schema of the row, which `storableRow` does once, when the row is written. Throws if a
 * handler returns something other than an object or undefined.
 */
export const evolveRow = (
  projection: AnyProjection,
  row: Row | undefined,
  event: RecordedEvent,
): Row | undefined => {
  const handler = handlerOf(projection, event);
  if (!handler) return row;
  // The handler was found under the type of the event, and the row comes from this projection.
  const next = handler.evolve(row as never, event as never);
  if (next !== undefined && !isJsonObject(next))
    throw new Error(
      `projection ${projection.name}: expected evolve of ${event.type} to return an object or undefined, got ${Array.isArray(next) ? "an array" : next === null ? "null" : typeof next} after ${event.metadata.id}`,
    );
  return next;
};

/**
 * The row as it is stored, which is the output of its schema. Throws, and names the field, if the row does not fit
 * its schema or if JSON cannot represent it.
 */
export const storableRow = ({ name, row: schema }: AnyProjection, key: string, row: Row): Row => {
  const invalid = (path: string, because: string) =>
    new Error(`projection ${name}, row ${key}, ${path || "/"}: ${because}`);
  const accepted = schema.safeParse(row, wording);
  if (!accepted.success) {
    const { field, because } = firstFault(accepted.error);
    throw invalid(field, because);
  }
  const stored = asJson(accepted.data);
  if ("because" in stored) throw invalid(stored.path, stored.because);
  if (!isJsonObject(stored.value)) throw invalid("", "it must be an object");
  return stored.value;
};
