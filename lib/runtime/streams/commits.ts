/** Commits as a change stream delivers them: of several streams, in any order, possibly more than once. */
import type { StreamId } from "../../model/stream.ts";
import { type Commit, lastVersionOf } from "../../ports/event-store.ts";

export const byStream = (commits: readonly Commit[]): ReadonlyMap<StreamId, readonly Commit[]> => {
  const streams = new Map<StreamId, Commit[]>();
  for (const commit of commits)
    streams.set(commit.streamId, [...(streams.get(commit.streamId) ?? []), commit]);
  return streams;
};

/** The commits after this version, each once, in order. All must belong to one stream. */
export const newerThan = (version: number, commits: readonly Commit[]): readonly Commit[] => {
  const versions = new Map(commits.map((commit) => [commit.version, commit]));
  return [...versions.values()]
    .filter((commit) => commit.version > version)
    .toSorted((one, other) => one.version - other.version);
};

/** Whether the first commit directly follows this version, and every other commit its predecessor. */
export const isContiguousAfter = (version: number, commits: readonly Commit[]): boolean =>
  commits.every((commit, index) => {
    const before = commits[index - 1];
    return commit.version === (before ? lastVersionOf(before) : version) + 1;
  });
