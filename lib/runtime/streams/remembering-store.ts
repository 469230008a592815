/**
 * An event store that remembers what it has seen, for as long as its process lives. A stored commit never changes,
 * so what is remembered need not be read again, and only what came after is asked for: a hot stream costs half a
 * read unit however long it is. It remembers gapless beginnings only, and forgets the streams used longest ago, never
 * the last one: whoever used it has held it all the same.
 */
import type { StreamId } from "../../model/stream.ts";
import { type Commit, type EventStore, lastVersionOf } from "../../ports/event-store.ts";
import { versionOf } from "./load-stream.ts";

/**
 * About a kilobyte each. Too few for the hot streams of a container, and each of its commands reads one from its
 * beginning.
 */
const commitsMax = 30_000;

export const rememberingStore = (store: EventStore, commitsRemembered = commitsMax): EventStore => {
  /** In the order of their last use. */
  const streams = new Map<StreamId, readonly Commit[]>();
  let remembered = 0;

  const forget = (streamId: StreamId) => {
    remembered -= streams.get(streamId)?.length ?? 0;
    streams.delete(streamId);
  };

  const remember = (streamId: StreamId, commits: readonly Commit[]) => {
    forget(streamId);
    streams.set(streamId, commits);
    remembered += commits.length;
    for (const oldest of streams.keys()) {
      if (remembered <= commitsRemembered || oldest === streamId) return;
      forget(oldest);
    }
  };

  /** The commits that follow these without a gap. */
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
      if (stored.version === versionOf(known) + 1) remember(commit.streamId, [...known, stored]);
      return appended;
    },
    read: async (streamId, { after = 0, consistency }) => {
      const known = streams.get(streamId) ?? [];
      const begins = Math.max(after, versionOf(known));
      const newer = await store.read(streamId, { after: begins, consistency });
      if (after <= versionOf(known)) remember(streamId, extended(known, newer));
      return [...known.filter((commit) => lastVersionOf(commit) > after && commit.version > after), ...newer];
    },
  };
};
