/**
 * In which order commits go to the bus. To a bus that keeps the order of a stream they go with a gate per stream: what
 * was published before is left out, what comes too early waits for the store to say what is missing before it. The
 * gates stand in memory: a new container begins with the first commit of a stream that it sees.
 */
import type { StreamId } from "../../model/stream.ts";
import { type Commit, type EventStore, lastVersionOf, UnreadableCommit } from "../../ports/event-store.ts";
import { byStream, isContiguousAfter, newerThan } from "../streams/commits.ts";

export type StreamOrder = {
  /** What is to be published of them, and before them. */
  readonly next: (commits: readonly Commit[]) => Promise<readonly Commit[]>;
  /** All events of these are with the bus. */
  readonly published: (commits: readonly Commit[]) => void;
};

/** For a bus without order. */
export const asTheyCome: StreamOrder = { next: async (commits) => commits, published: () => {} };

/** About a hundred bytes each. */
const streamsMax = 50_000;

/** The store is asked for only where something is missing. */
export const inOrder = (
  store: () => Pick<EventStore, "read">,
  streamsRemembered = streamsMax,
): StreamOrder => {
  /** The last version that the bus has, in the order of their last use. */
  const gates = new Map<StreamId, number>();

  const filled = async (streamId: StreamId, after: number, commits: readonly Commit[]) => {
    const last = commits.at(-1)?.version ?? after;
    try {
      const stored = await store().read(streamId, { after, consistency: "strong" });
      return stored.filter(({ version }) => version <= last);
    } catch (error) {
      // What nobody can read is parked by itself, and nothing waits for it.
      if (error instanceof UnreadableCommit) return commits;
      throw error;
    }
  };

  const nextOf = async (streamId: StreamId, given: readonly Commit[]): Promise<readonly Commit[]> => {
    const gate = gates.get(streamId) ?? Math.min(...given.map(({ version }) => version)) - 1;
    const newer = newerThan(gate, given);
    return isContiguousAfter(gate, newer) ? newer : filled(streamId, gate, newer);
  };

  const advance = (commit: Commit) => {
    const version = Math.max(lastVersionOf(commit), gates.get(commit.streamId) ?? 0);
    gates.delete(commit.streamId);
    gates.set(commit.streamId, version);
    const [oldest] = gates.keys();
    if (gates.size > streamsRemembered && oldest !== undefined) gates.delete(oldest);
  };

  return {
    next: async (commits) => {
      const streams = [...byStream(commits)].map(([streamId, ofStream]) => nextOf(streamId, ofStream));
      return (await Promise.all(streams)).flat();
    },
    published: (commits) => commits.forEach(advance),
  };
};
