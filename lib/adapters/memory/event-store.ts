/**
 * The reference implementation of the event store, used by tests: a map from streams to their commits. It stores
 * commits as text, so they cannot be modified afterwards, and refuses any commit that a database could not store
 * unchanged.
 */
import { finite } from "../../model/json/json-value.ts";
import type { Commit, EventStore } from "../../ports/event-store.ts";
import { PermanentError } from "../../ports/permanent-error.ts";

/** About the maximum item size of a database, so that a test cannot store what the cloud would refuse. */
const bytesMax = 390_000;

const written = (commit: Commit): string => {
  try {
    return JSON.stringify(commit, finite);
  } catch (error) {
    throw new PermanentError(`a commit of ${commit.streamId} cannot be written: ${error}`, { cause: error });
  }
};

const textOf = (commit: Commit): string => {
  const text = written(commit);
  const bytes = Buffer.byteLength(text);
  if (bytes > bytesMax)
    throw new PermanentError(
      `a commit of ${commit.streamId} has ${bytes} bytes, at most ${bytesMax} are allowed`,
    );
  return text;
};

/** An event store in memory. */
export const memoryEventStore = (): EventStore & { readonly streams: () => readonly string[] } => {
  const streams = new Map<string, Map<number, string>>();
  const of = (streamId: string) => streams.get(streamId) ?? new Map<number, string>();
  /** Only `append` writes these texts, so each is a commit. */
  const commit = (text: string): Commit => JSON.parse(text);

  return {
    streams: () => [...streams.keys()],
    append: async (added) => {
      const text = textOf(added);
      const stream = of(added.streamId);
      const winner = stream.get(added.version);
      if (winner !== undefined) return { kind: "conflict", winner: commit(winner) };
      streams.set(added.streamId, stream.set(added.version, text));
      return { kind: "appended" };
    },
    read: async (streamId, { after = 0 }) =>
      [...of(streamId)]
        .filter(([version]) => version > after)
        .toSorted(([one], [other]) => one - other)
        .map(([, text]) => commit(text)),
  };
};
