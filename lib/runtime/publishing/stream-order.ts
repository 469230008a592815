/**
 * The order in which commits go to the bus. For a bus that keeps the order of a stream, there is one checkpoint per
 * stream: commits that are already published are skipped, and a gap before a commit is filled from the store. The
 * checkpoints are in memory only. A new container starts at the first commit of a stream that it sees.
 */
import type { StreamId } from "../../model/stream.ts";
import { type Commit, type EventStore, lastVersionOf, UnreadableCommit } from "../../ports/event-store.ts";
import { byStream, isContiguousAfter, newerThan } from "../streams/commits.ts";

export type StreamOrder = {
  /**
   * The commits to publish: drops commits that are already published and adds missing earlier ones.
   */
  readonly next: (commits: readonly Commit[]) => Promise<readonly Commit[]>;
  /** Call this once all events of these commits are on the bus. */
  readonly published: (commits: readonly Commit[]) => void;
};

/** For a bus without order. */
export const asTheyCome: StreamOrder = { next: async (commits) => commits, published: () => {} };

/** A checkpoint has about a hundred bytes. */
export const rememberedStreamsMax = 50_000;

/** The store is read only if a commit is missing. */
export const inOrder = (store: () => Pick<EventStore, "read">): StreamOrder => {
  /** The last published version per stream, least recently used first. */
  const checkpoints = new Map<StreamId, number>();

  const filled = async (streamId: StreamId, after: number, commits: readonly Commit[]) => {
    const last = commits.at(-1)?.version ?? after;
    try {
      const stored = await store().read(streamId, { after, consistency: "strong" });
      return stored.filter(({ version }) => version <= last);
    } catch (error) {
      // An unreadable commit is parked on its own. Other commits do not wait for it.
      if (error instanceof UnreadableCommit) return commits;
      throw error;
    }
  };

  const nextOf = async (streamId: StreamId, given: readonly Commit[]): Promise<readonly Commit[]> => {
    const checkpoint = checkpoints.get(streamId) ?? Math.min(...given.map(({ version }) => version)) - 1;
    const newer = newerThan(checkpoint, given);
    return isContiguousAfter(checkpoint, newer) ? newer : filled(streamId, checkpoint, newer);
  };

  const advance = (commit: Commit) => {
    const version = Math.max(lastVersionOf(commit), checkpoints.get(commit.streamId) ?? 0);
    checkpoints.delete(commit.streamId);
    checkpoints.set(commit.streamId, version);
    const [oldest] = checkpoints.keys();
    if (checkpoints.size > rememberedStreamsMax && oldest !== undefined) checkpoints.delete(oldest);
  };

  return {
    next: async (commits) => {
      const streams = [...byStream(commits)].map(([streamId, ofStream]) => nextOf(streamId, ofStream));
      return (await Promise.all(streams)).flat();
    },
    published: (commits) => commits.forEach(advance),
  };
};
