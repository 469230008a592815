/**
 * The reference of the event store, and what tests run on: a map from streams to their commits. It keeps what it
 * was given as text, so nobody can change it afterwards, and refuses what no store could keep as it is.
 */
import { finite } from "../../model/json/json-value.ts";
import type { Commit, EventStore } from "../../ports/event-store.ts";
import { PermanentError } from "../../ports/permanent-error.ts";

/** About what a database takes as one item, so that no test stores what the cloud would refuse. */
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
      `a commit of ${commit.streamId} has ${bytes} bytes, at most ${bytesMax} can be stored`,
    );
  return text;
};

export const memoryEventStore = (): EventStore & { readonly streams: () => readonly string[] } => {
  const streams = new Map<string, Map<number, string>>();
  const of = (streamId: string) => streams.get(streamId) ?? new Map<number, string>();
  /** Only `append` writes these texts, each of a commit. */
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
