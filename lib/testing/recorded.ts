/** Events as a store returns them, for tests without a store. */

import { type Upcast, versionOfToday } from "../model/events/past.ts";
import type { EventOf, Message, RecordedEvent, Schemas } from "../model/message.ts";
import { type Renamable, storedNameOf } from "../model/names/stored-name.ts";
import { streamId } from "../model/stream.ts";

/** Metadata that a test needs. */
export type RecordedOptions = {
  /** When they were stored, ISO 8601 in UTC. Default 2026-01-01T00:00:00.000Z. */
  readonly at?: string;
  /** The saga instance that caused them, `lending/loan-1`. */
  readonly sagaId?: string;
};

const idIn = ({ type, data }: Message, field: string): string => {
  const id = data[field];
  if (typeof id === "string") return id;
  throw new Error(`${type}: expected its data to have a string in ${field}, which identifies its stream`);
};

/**
 * Today's events of a decider with metadata, in the same order. Each event is in the stream that its data identify, and
 * versions count from 1. Throws if the data do not identify a stream.
 */
export const recorded = <Events extends Schemas>(
  decider: Renamable & {
    readonly identifiedBy: string;
    readonly events: Events;
    readonly past?: readonly Upcast[];
  },
  events: readonly EventOf<Events>[],
  { at = "2026-01-01T00:00:00.000Z", sagaId }: RecordedOptions = {},
): readonly RecordedEvent<EventOf<Events>>[] => {
  const versions = new Map<string, number>();
  return events.map((event) => {
    const stream = streamId(storedNameOf(decider), idIn(event, decider.identifiedBy));
    const version = (versions.get(stream) ?? 0) + 1;
    versions.set(stream, version);
    const id = `${stream}@${version}`;
    const ids = {
      id,
      streamId: stream,
      version,
      commandId: `http/${id}`,
      causationId: id,
      correlationId: id,
    };
    const schemaVersion = versionOfToday(decider.past ?? [], event.type);
    return {
      ...event,
      metadata: {
        ...ids,
        recordedAt: at,
        ...(sagaId !== undefined && { sagaId }),
        ...(schemaVersion !== 1 && { schemaVersion }),
      },
    };
  });
};
