/** What the change stream of the event store brings: at least once, and of different commits in any order. */
import type { StreamId } from "../model/stream.ts";
import type { Commit } from "./event-store.ts";

export type StreamRecord = {
  /** Names this record to the change stream. */
  readonly id: string;
} & (
  | { readonly kind: "commit"; readonly commit: Commit }
  /** Somebody changed or removed a stored commit, which nobody may. */
  | {
      readonly kind: "changed";
      readonly how: "MODIFY" | "REMOVE";
      readonly streamId: StreamId;
      readonly version: number;
    }
  | {
      readonly kind: "unreadable";
      readonly streamId: StreamId;
      readonly version: number;
      readonly payload: string;
      readonly error: string;
    }
);
