import type { SentCommand, StoredEvent } from "../../model/message.ts";
import type { Commit } from "../../ports/event-store.ts";
import { versionOf } from "./load-stream.ts";

/** The content of a commit: its id, its events and the time. */
type Stored = { readonly id: string; readonly events: readonly StoredEvent[]; readonly now: Date };

/** The commit that answers a command, appended after these commits. */
export const commitOf = (
  command: SentCommand,
  commits: readonly Commit[],
  { id, events, now }: Stored,
): Commit => {
  const [first, ...others] = events;
  if (!first) throw new Error(`${id} has no events to store`);
  const { causationId, correlationId, issuedAt, sagaId, actor, bodyHash, traceparent } = command.metadata;
  return {
    streamId: command.streamId,
    version: versionOf(commits) + 1,
    id,
    at: now.toISOString(),
    events: [first, ...others],
    metadata: { causationId, correlationId, issuedAt, sagaId, actor, bodyHash, traceparent },
  };
};
