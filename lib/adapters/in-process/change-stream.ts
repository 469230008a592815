/**
 * Does for one process what the stream of the event table does for functions: every stored commit is delivered to
 * every follower, one batch at a time, until the follower accepts it.
 */

import { retry } from "../../ports/delivery.ts";
import type { Commit, EventStore } from "../../ports/event-store.ts";
import type { StreamRecord } from "../../ports/stream-record.ts";
import { type Item, type QueuePorts, queue } from "./queue.ts";

type Follower = (records: readonly StreamRecord[]) => Promise<readonly string[]>;

type ChangeStream = {
  /** The same store. Its appends are followed. */
  readonly store: EventStore;
  readonly follow: (follower: Follower) => void;
};

/** The store, whose appends now reach all followers, and a function to add a follower. */
export const changeStream = (store: EventStore, ports: QueuePorts): ChangeStream => {
  const followers: ((record: StreamRecord & Item) => void)[] = [];

  const stored = (commit: Commit) => {
    const id = `${commit.streamId}@${commit.version}`;
    for (const give of followers) give({ id, receiveCount: 1, kind: "commit", commit });
  };

  return {
    store: {
      ...store,
      append: async (commit) => {
        const appended = await store.append(commit);
        if (appended.kind === "appended") stored(commit);
        return appended;
      },
    },
    follow: (consume) => {
      const options = { attempts: Number.POSITIVE_INFINITY, concurrency: 1, giveUp: () => undefined };
      followers.push(
        queue<StreamRecord & Item>(ports, {
          consume: async (records) => (await consume(records)).map(retry),
          ...options,
        }),
      );
    },
  };
};
