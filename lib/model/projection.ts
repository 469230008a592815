/** Read models: rows by key, evolved from the events of one or more deciders. */
import type * as z from "zod";
import type { AnyDecider } from "./decider.ts";
import { asJson, isJsonObject, pointerTo } from "./json/json-value.ts";
import { wording } from "./json/wording.ts";
import type { EventOf, RecordedEvent, Schemas } from "./message.ts";

type Handler<Row, Event extends RecordedEvent> = {
  /**
   * The row that this event belongs to: a field of its data, or what a function makes of it. If the field is the
   * decider's `identifiedBy`, all events of a stream go to one row, which also holds the checkpoint. Events of several
   * streams may share a row.
   */
  readonly key: (keyof Event["data"] & string) | ((event: Event) => string);
  /** `undefined` in: no such row yet. `undefined` out: no such row any more. */
  readonly evolve: (row: Row | undefined, event: Event) => Row | undefined;
};

/** The text fields of a row, sortable and comparable. */
type FieldOf<Row> = {
  [F in keyof Row & string]: Row[F] extends string | undefined ? F : never;
}[keyof Row & string];

/** Lists the rows by the value of `by`, or all; a row without one of its fields is in none of its lists. */
export type Index<Field extends string = string> = { readonly by?: Field; readonly newestFirst?: Field };

type EventFrom<Source> = Source extends { readonly events: infer Events extends Schemas }
  ? EventOf<Events>
  : never;

/**
 * A read model with one row per key. `Source` is the union of the decider types it listens to.
 * Within a stream events arrive in order and once; between streams there is no order.
 * So a field belongs to the events of one stream, or its evolution commutes.
 */
export type Projection<Row extends z.ZodObject, Source extends AnyDecider> = {
  readonly name: string;
  readonly row: Row;
  readonly sources: readonly Source[];
  readonly on: {
    readonly [E in EventFrom<Source> as E["type"]]?: Handler<z.output<Row>, RecordedEvent<E>>;
  };
  readonly indexes?: Readonly<Record<string, Index<FieldOf<Required<z.output<Row>>>>>>;
};

export type AnyProjection = {
  readonly name: string;
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

export type Row = Readonly<Record<string, unknown>>;

const handlerOf = ({ on }: AnyProjection, { type }: RecordedEvent) =>
  Object.hasOwn(on, type) ? on[type] : undefined;

/** The row an event belongs to; none when the projection does not listen to it. Throws where the key is no text. */
export const keyOf = (projection: AnyProjection, event: RecordedEvent): string | undefined => {
  const handler = handlerOf(projection, event);
  if (!handler) return undefined;
  // The handler sits under the event's own type.
  const key = typeof handler.key === "string" ? event.data[handler.key] : handler.key(event as never);
  if (typeof key !== "string" || key === "")
    throw new Error(`projection ${projection.name}: the key of ${event.metadata.id} is no text`);
  return key;
};

/** Whether every event of a stream of this decider goes to the row that bears the stream's own id. */
export const isKeyedByStream = (projection: AnyProjection, decider: AnyDecider): boolean =>
  Object.entries(projection.on)
    .filter(([type]) => Object.hasOwn(decider.events, type))
    .every(([, { key }]) => key === decider.identifiedBy);

/**
 * The row after this event; the same row when the projection does not listen to it. Its schema is not applied here, but
 * once, when the row is written: see `storableRow`. Throws if a handler returns something else than a row.
 */
export const evolveRow = (
  projection: AnyProjection,
  row: Row | undefined,
  event: RecordedEvent,
): Row | undefined => {
  const handler = handlerOf(projection, event);
  if (!handler) return row;
  // The handler sits under the event's own type, and the row comes from this projection.
  const next = handler.evolve(row as never, event as never);
  if (next !== undefined && !isJsonObject(next))
    throw new Error(`projection ${projection.name}: the row after ${event.metadata.id} must be an object`);
  return next;
};

/**
 * The row as it is stored: as its schema gives it back. Throws, naming the field, if it does not fit its schema or if
 * JSON cannot represent it.
 */
export const storableRow = ({ name, row: schema }: AnyProjection, key: string, row: Row): Row => {
  const invalid = (path: string, because: string) =>
    new Error(`projection ${name}, row ${key}, ${path || "/"}: ${because}`);
  const accepted = schema.safeParse(row, wording);
  if (!accepted.success) {
    const [issue] = accepted.error.issues;
    throw invalid(pointerTo(issue?.path ?? []), issue?.message ?? "it does not fit its schema");
  }
  const stored = asJson(accepted.data);
  if ("because" in stored) throw invalid(stored.path, stored.because);
  if (!isJsonObject(stored.value)) throw invalid("", "it must be an object");
  return stored.value;
};
