/** The events of a commit: as they are stored, and as today's code reads them. */
import type { CurrentEvents } from "../../model/events/current.ts";
import { type Message, type RecordedEvent, receipts } from "../../model/message.ts";
import { onceFor } from "../../model/once-for.ts";
import type { Commit } from "../../ports/event-store.ts";

/** The events of a commit as they were recorded, in order. Only `eventsOf` makes events that consumers can use. */
export const recordedEvents = ({ streamId, version: first, id, at, events, metadata }: Commit) => {
  const { causationId, correlationId, sagaId, actor, traceparent } = metadata;
  return events.map(({ type, data, schemaVersion }, index): RecordedEvent => {
    const version = first + index;
    return {
      type,
      data,
      // One literal: an object with parts that are spread takes ten times as long, and streams have many events.
      metadata: {
        id: `${streamId}@${version}`,
        streamId,
        version,
        recordedAt: at,
        commandId: id,
        schemaVersion,
        causationId,
        correlationId,
        sagaId,
        actor,
        traceparent,
      },
    };
  });
};

/** Today's events of a commit, in order. Throws `UnreadableEvent`. */
export type EventsOf = (commit: Commit) => readonly RecordedEvent[];

/**
 * Memoized, because each command asks for the events of the cached commits of its stream. An error is not memoized.
 */
export const eventsOf = onceFor(
  (current: CurrentEvents): EventsOf =>
    onceFor((commit: Commit) => recordedEvents(commit).flatMap((event) => current(event))),
);

const isBusiness = ({ type }: Message): boolean => !Object.hasOwn(receipts, type);

/**
 * The version of the last stored event that is not a receipt, which is the version that a client has seen. 0 if
 * there is none. A stored event counts even if no consumer needs it today, so a version never goes back.
 */
export const businessVersionOf = (commits: readonly Commit[]): number => {
  const commit = commits.findLast(({ events }) => events.some(isBusiness));
  return commit ? commit.version + commit.events.findLastIndex(isBusiness) : 0;
};
