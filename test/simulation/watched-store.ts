/** The event store as the world sees it: appends reach the change stream, and eventually consistent reads lag. */
import { memoryEventStore } from "../../lib/adapters/memory/event-store.ts";
import type { Commit, EventStore } from "../../lib/ports/event-store.ts";
import type { Delivery } from "./delivery.ts";
import type { Timeline } from "./timeline.ts";

export type WatchedStore = EventStore & {
  /** All commits in the order in which they were stored. */
  readonly log: () => readonly Commit[];
};

export const watchedStore = (
  time: Timeline,
  { shuffled }: Delivery,
  stored: (commit: Commit) => void,
): WatchedStore => {
  const store = memoryEventStore();
  const log: Commit[] = [];
  /** Any commit may be missing, including one in the middle. */
  const lags = () => shuffled && time.below(4) === 0;

  return {
    log: () => [...log],
    append: async (commit) => {
      const appended = await store.append(commit);
      if (appended.kind === "appended") {
        log.push(commit);
        stored(commit);
      }
      return appended;
    },
    read: async (streamId, options) => {
      const commits = await store.read(streamId, options);
      return options.consistency === "strong" ? commits : commits.filter(() => !lags());
    },
  };
};
