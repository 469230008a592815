/** Recorded events stored again, one commit per event. */
import type { RecordedEvent } from "../../lib/model/message.ts";
import type { Commit, EventStore } from "../../lib/ports/event-store.ts";

export const commitOf = ({ type, data, metadata }: RecordedEvent): Commit => {
  const { streamId, version, commandId: id, recordedAt: at, schemaVersion } = metadata;
  const { causationId, correlationId, sagaId, actor } = metadata;
  const common = { causationId, correlationId, issuedAt: at, sagaId, actor };
  return { streamId, version, id, at, events: [{ type, data, schemaVersion }], metadata: common };
};

export const storeEvents = async (store: EventStore, events: readonly RecordedEvent[]): Promise<void> => {
  for (const event of events) await store.append(commitOf(event));
};
