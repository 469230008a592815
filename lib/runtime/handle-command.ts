/** Handling a command: one answer per command id, whatever happens. */
import type { RecordedEvent, SentCommand } from "../model/message.ts";

/**
 * What became of a command. `version` is that of the stream's last business event, for receipts do not change
 * what a client saw; `history` are all events of the stream, the command's own included.
 * - accepted: its events are stored, now or when it came first (`repeated`); none where there was nothing to do.
 * - rejected: the business refuses; also as the same answer to a repetition of a command with a receipt.
 * - expired: nobody waits for it any longer, it did nothing.
 * - stale: the client had seen another version than `ifMatch`.
 * - reused: its id was used before, with another body.
 * - contended: others were faster until the deadline; worth another try.
 */
export type Answer = { readonly version: number; readonly history: readonly RecordedEvent[] } & (
  | { readonly kind: "accepted"; readonly events: readonly RecordedEvent[]; readonly repeated: boolean }
  | { readonly kind: "rejected"; readonly code: string; readonly because: string }
  | { readonly kind: "expired" | "stale" | "reused" | "contended" }
);

export type HandleOptions = {
  /** The version of the last business event that the client has seen; 0 for none. */
  readonly ifMatch?: number;
};

export type HandleCommand = (command: SentCommand, options?: HandleOptions) => Promise<Answer>;
