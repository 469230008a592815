/**
 * The reference of the event store, and what tests run on: a map from streams to their commits. It keeps what it
 * was given as text, so nobody can change it afterwards.
 */
import type { Commit, EventStore } from "../../ports/event-store.ts";

export const memoryEventStore = (): EventStore & { readonly streams: () => readonly string[] } => {
  const streams = new Map<string, Map<number, string>>();
  const of = (streamId: string) => streams.get(streamId) ?? new Map<number, string>();
  /** Only `append` writes these texts, each of a commit. */
  const commit = (text: string): Commit => JSON.parse(text);

  return {
    streams: () => [...streams.keys()],
    append: async (added) => {
      const stream = of(added.streamId);
      const winner = stream.get(added.version);
      if (winner !== undefined) return { kind: "conflict", winner: commit(winner) };
      streams.set(added.streamId, stream.set(added.version, JSON.stringify(added)));
      return { kind: "appended" };
    },
    read: async (streamId, { after = 0 }) =>
      [...of(streamId)]
        .filter(([version]) => version > after)
        .toSorted(([one], [other]) => one - other)
        .map(([, text]) => commit(text)),
  };
};
