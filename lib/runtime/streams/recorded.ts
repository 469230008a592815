/** Commits as consumers see them: events with their metadata. */
import { isReceipt, type RecordedEvent } from "../../model/message.ts";
import { onceFor } from "../../model/once-for.ts";
import type { Commit } from "../../ports/event-store.ts";

/**
 * The events of a commit, in order. Memoized, because each command asks for the events of the cached commits of its
 * stream.
 */
export const recordedEvents = onceFor((commit: Commit): readonly RecordedEvent[] => {
  const { streamId, id: commandId, at: recordedAt, metadata } = commit;
  const { causationId, correlationId, sagaId, actor, traceparent } = metadata;
  return commit.events.map(({ type, data, schemaVersion }, index) => {
    const version = commit.version + index;
    const own = { id: `${streamId}@${version}`, streamId, version, recordedAt, commandId, schemaVersion };
    return { type, data, metadata: { ...own, causationId, correlationId, sagaId, actor, traceparent } };
  });
});

/**
 * The version of the last event that is not a receipt, which is the version that a client has seen. 0 if there is
 * none.
 */
export const businessVersionOf = (events: readonly RecordedEvent[]): number =>
  events.findLast((event) => !isReceipt(event))?.metadata.version ?? 0;
