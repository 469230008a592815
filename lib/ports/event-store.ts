/** The streams of events: the truth from which everything else can be made again. */
import type { Message } from "../model/message.ts";
import type { StreamId } from "../model/stream.ts";

/** An event as it is stored: its metadata are those of its commit. */
export type StoredEvent = Message & { readonly schemaVersion?: number };

/** What all events of a commit share. */
export type CommitMetadata = {
  readonly causationId: string;
  readonly correlationId: string;
  readonly issuedAt: string;
  readonly sagaId?: string;
  readonly actor?: string;
  readonly bodyHash?: string;
  readonly traceparent?: string;
};

/** All events of one command, stored together or not at all. */
export type Commit = {
  readonly streamId: StreamId;
  /** Version of its first event. */
  readonly version: number;
  /** The id of the command that it answers. */
  readonly id: string;
  /** When it was recorded, ISO 8601, UTC. */
  readonly at: string;
  readonly events: readonly [StoredEvent, ...StoredEvent[]];
  readonly metadata: CommitMetadata;
};

/** `winner` was stored first, at the version of the new commit. Nothing was changed. */
export type Appended = { readonly kind: "appended" } | { readonly kind: "conflict"; readonly winner: Commit };

export type ReadOptions = {
  /** Only commits that begin after this version. All by default. */
  readonly after?: number;
  /** A strong read misses nothing stored before it began; an eventual one may miss any commit, at half the price. */
  readonly consistency: "eventual" | "strong";
};

/** The item at this version of a stream is not a commit. Reading it again cannot succeed. */
export class UnreadableCommit extends Error {
  override readonly name = "UnreadableCommit";
  readonly version: number;
  constructor(streamId: StreamId, version: number, because: string) {
    super(`stream ${streamId} at ${version}: ${because}`);
    this.version = version;
  }
}

export type EventStore = {
  /**
   * Stores the commit, atomically, unless a commit begins at its version already: that is a conflict, and the
   * stream is unchanged. Throws `PermanentError` for a commit that can never be stored, as one that is too large.
   */
  readonly append: (commit: Commit) => Promise<Appended>;
  /** The commits of a stream in order of their versions; an unknown stream is empty. Throws `UnreadableCommit`. */
  readonly read: (streamId: StreamId, options: ReadOptions) => Promise<readonly Commit[]>;
};

/** The version of the last event of a commit. */
export const lastVersionOf = ({ version, events }: Commit): number => version + events.length - 1;
