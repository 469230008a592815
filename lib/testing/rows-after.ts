/** What a projection makes of events, without a store. */
import type { RecordedEvent } from "../model/message.ts";
import { type AnyProjection, evolveRow, keyOf, type Row, storableRow } from "../model/projection.ts";
import { same } from "./same.ts";

/** The rows after these events, by their keys, as they would be stored. Throws if one does not fit the schema. */
export const rowsAfter = (
  projection: AnyProjection,
  events: readonly RecordedEvent[],
): Readonly<Record<string, Row>> => {
  const rows = new Map<string, Row>();
  for (const event of events) {
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

/** Every order in which the events of several streams may arrive. Within a stream the order is always the same. */
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
 * The same, if the rows do not depend on the order between streams, which no bus keeps; otherwise it throws. It tries
 * every order, so give it few events: eight in two streams have 70 orders.
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
      `${projection.name} depends on the order between streams: ${arrival.map(({ metadata }) => metadata.id).join(", ")}`,
    );
  return rows;
};
