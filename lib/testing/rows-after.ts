/** The rows of a projection after some events, without a store. */
import { currentEvents } from "../model/events/current.ts";
import type { RecordedEvent } from "../model/message.ts";
import { type AnyProjection, evolveRow, keyOf, type Row, storableRow } from "../model/projection.ts";
import { same } from "./same.ts";

/**
 * The rows after these events, by key, as they would be stored. The projection sees them in today's shape. Throws if a
 * row or an event does not fit its schema. Use `recorded` to make the events; `Projection` has an example.
 */
export const rowsAfter = (
  projection: AnyProjection,
  events: readonly RecordedEvent[],
): Readonly<Record<string, Row>> => {
  const rows = new Map<string, Row>();
  for (const event of events.flatMap((stored) => currentEvents(projection.sources)(stored))) {
    const key = keyOf(projection, event);
    if (key === undefined) continue;
    const row = evolveRow(projection, rows.get(key), event);
    if (row === undefined) rows.delete(key);
    else rows.set(key, storableRow(projection, key, row));
  }
  return Object.fromEntries(rows);
};

const inStreams = (events: readonly RecordedEvent[]): readonly (readonly RecordedEvent[])[] => {
  const streams = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    const { streamId } = event.metadata;
    streams.set(streamId, [...(streams.get(streamId) ?? []), event]);
  }
  return [...streams.values()];
};

/** Every order in which the events of several streams may arrive. The order within a stream is always the same. */
const arrivals = (streams: readonly (readonly RecordedEvent[])[]): readonly (readonly RecordedEvent[])[] => {
  const open = streams.filter(({ length }) => length > 0);
  if (open.length === 0) return [[]];
  return open.flatMap((stream) => {
    const [first, ...later] = stream;
    const others = open.map((each) => (each === stream ? later : each));
    return arrivals(others).map((rest) => (first ? [first, ...rest] : rest));
  });
};

/**
 * The rows after these events, as `rowsAfter` answers them. Throws if the rows depend on the order between streams,
 * which no bus guarantees. It tries every order, so pass few events: eight events in two streams have 70 orders.
 */
export const rowsAfterAnyOrder = (
  projection: AnyProjection,
  events: readonly RecordedEvent[],
): Readonly<Record<string, Row>> => {
  const rows = rowsAfter(projection, events);
  for (const arrival of arrivals(inStreams(events)))
    same(
      Object.entries(rowsAfter(projection, arrival)).toSorted(),
      Object.entries(rows).toSorted(),
      `projection ${projection.name}: expected the same rows for every order between streams, got others for ${arrival.map(({ metadata }) => metadata.id).join(", ")}`,
    );
  return rows;
};
