/**
 * The records of the event store's change stream. They arrive at least once, and records of different commits in
 * any order.
 */
import type { StreamId } from "../model/stream.ts";
import type { Commit } from "./event-store.ts";

/** A record of the change stream. */
export type StreamRecord = {
  /** Identifies the record for the change stream. */
  readonly id: string;
} & (
  | { readonly kind: "commit"; readonly commit: Commit }
  /** A stored commit was changed or removed, which is forbidden. */
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
