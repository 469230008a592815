/** Recorded events stored again, one commit per event. */
import type { RecordedEvent } from "../../lib/model/message.ts";
import type { Commit, EventStore } from "../../lib/ports/event-store.ts";

export const commitOf = ({ type, data, metadata }: RecordedEvent): Commit => {
  const { streamId, version, commandId: id, recordedAt: at, causationId, correlationId, sagaId } = metadata;
  const common = { causationId, correlationId, issuedAt: at, sagaId };
  return { streamId, version, id, at, events: [{ type, data }], metadata: common };
};

export const storeEvents = async (store: EventStore, events: readonly RecordedEvent[]): Promise<void> => {
  for (const event of events) await store.append(commitOf(event));
};
