/**
 * An event store with a cache of commits that lives as long as its process. A stored commit never changes, so a
 * cached commit need not be read again. Only later commits are read: a hot stream costs half a read unit at any
 * length. For each stream, the cache holds the commits from the first one on, without gaps. It evicts the least
 * recently used streams first, but never the current one, which the caller holds in memory anyway.
 */
import type { StreamId } from "../../model/stream.ts";
import { type Commit, type EventStore, lastVersionOf } from "../../ports/event-store.ts";
import { versionOf } from "./load-stream.ts";

/**
 * A commit has about one kilobyte. If the hot streams of a container do not fit, each command reads its stream from
 * the start.
 */
export const cachedCommitsMax = 30_000;

export const cachingStore = (store: EventStore): EventStore => {
  /** Least recently used first. */
  const streams = new Map<StreamId, readonly Commit[]>();
  let cached = 0;

  const forget = (streamId: StreamId) => {
    cached -= streams.get(streamId)?.length ?? 0;
    streams.delete(streamId);
  };

  const keep = (streamId: StreamId, commits: readonly Commit[]) => {
    forget(streamId);
    streams.set(streamId, commits);
    cached += commits.length;
    for (const oldest of streams.keys()) {
      if (cached <= cachedCommitsMax || oldest === streamId) return;
      forget(oldest);
    }
  };

  /** These commits, and the newer ones that follow without a gap. */
  const extended = (known: readonly Commit[], newer: readonly Commit[]): readonly Commit[] => {
    const all = [...known];
    for (const commit of newer) if (commit.version === versionOf(all) + 1) all.push(commit);
    return all;
  };

  return {
    append: async (commit) => {
      const appended = await store.append(commit);
      const known = streams.get(commit.streamId) ?? [];
      const stored = appended.kind === "appended" ? commit : appended.winner;
      if (stored.version === versionOf(known) + 1) keep(commit.streamId, [...known, stored]);
      return appended;
    },
    read: async (streamId, { after = 0, consistency }) => {
      const known = streams.get(streamId) ?? [];
      const begins = Math.max(after, versionOf(known));
      const newer = await store.read(streamId, { after: begins, consistency });
      if (after <= versionOf(known)) keep(streamId, extended(known, newer));
      return [...known.filter((commit) => lastVersionOf(commit) > after && commit.version > after), ...newer];
    },
  };
};
