/**
 * Reads a stream at low cost and checks the result: an eventually consistent read may miss any commit, even one in
 * the middle. A stream with a gap is read again, strongly consistent. A commit that is missing at the end causes a
 * conflict on the next append.
 */
import type { StreamId } from "../../model/stream.ts";
import { type Commit, type EventStore, lastVersionOf } from "../../ports/event-store.ts";

/** The version of the last event; 0 for an empty stream. */
export const versionOf = (commits: readonly Commit[]): number => {
  const last = commits.at(-1);
  return last ? lastVersionOf(last) : 0;
};

const isContiguous = (commits: readonly Commit[]): boolean => {
  let next = 1;
  for (const commit of commits) {
    if (commit.version !== next) return false;
    next = lastVersionOf(commit) + 1;
  }
  return true;
};

const withoutGap = async (
  store: EventStore,
  streamId: StreamId,
  commits: readonly Commit[],
): Promise<readonly Commit[]> => {
  if (isContiguous(commits)) return commits;
  const certain = await store.read(streamId, { consistency: "strong" });
  if (isContiguous(certain)) return certain;
  throw new Error(`stream ${streamId} has a gap: the stored events are damaged`);
};

/**
 * All commits from version 1 on. Throws if even a strongly consistent read has a gap: then the stored stream is
 * damaged.
 */
export const loadStream = async (
  store: EventStore,
  streamId: StreamId,
  consistency: "eventual" | "strong",
): Promise<readonly Commit[]> =>
  withoutGap(store, streamId, await store.read(streamId, { after: 0, consistency }));

/** All commits from version 1 on. Reads only the commits after the known ones, which must begin at version 1. */
export const loadNewer = async (
  store: EventStore,
  streamId: StreamId,
  known: readonly Commit[],
): Promise<readonly Commit[]> => {
  const newer = await store.read(streamId, { after: versionOf(known), consistency: "eventual" });
  return withoutGap(store, streamId, [...known, ...newer]);
};
