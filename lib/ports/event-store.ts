/** The event store: streams of events, from which all other data can be rebuilt. */
import type { StoredEvent } from "../model/message.ts";
import type { StreamId } from "../model/stream.ts";

/** The metadata that all events of a commit share. */
export type CommitMetadata = {
  readonly causationId: string;
  readonly correlationId: string;
  readonly issuedAt: string;
  readonly sagaId?: string;
  readonly actor?: string;
  readonly bodyHash?: string;
  readonly traceparent?: string;
};

/** All events of one command. They are stored together or not at all. */
export type Commit = {
  readonly streamId: StreamId;
  /** The version of its first event. */
  readonly version: number;
  /** The id of the command that led to it. */
  readonly id: string;
  /** When it was stored, ISO 8601 in UTC. */
  readonly at: string;
  readonly events: readonly [StoredEvent, ...StoredEvent[]];
  readonly metadata: CommitMetadata;
};

/**
 * The outcome of an append. In a conflict, `winner` is the commit that is stored at this version, and nothing was
 * changed.
 */
export type Appended = { readonly kind: "appended" } | { readonly kind: "conflict"; readonly winner: Commit };

/** How to read a stream. */
export type ReadOptions = {
  /** Only commits that begin after this version. Without it, all commits. */
  readonly after?: number;
  /**
   * A strong read finds everything that was stored before it began. An eventual read may miss any commit, and costs
   * half as much.
   */
  readonly consistency: "eventual" | "strong";
};

/** The item at this version is not a commit. A retry does not help. */
export class UnreadableCommit extends Error {
  override readonly name = "UnreadableCommit";
  readonly version: number;
  constructor(streamId: StreamId, version: number, because: string) {
    super(`stream ${streamId} at ${version}: ${because}`);
    this.version = version;
  }
}

/** Appends commits to streams, and reads them. */
export type EventStore = {
  /**
   * Stores the commit atomically. If a commit begins at the same version already, the answer is a conflict and the
   * stream is unchanged. Throws `PermanentError` for a commit that can never be stored, such as one that is too
   * large.
   */
  readonly append: (commit: Commit) => Promise<Appended>;
  /** The commits of a stream, ordered by version. An unknown stream is empty. Throws `UnreadableCommit`. */
  readonly read: (streamId: StreamId, options: ReadOptions) => Promise<readonly Commit[]>;
};

/** The version of the last event of a commit. */
export const lastVersionOf = ({ version, events }: Commit): number => version + events.length - 1;
