/** Which events of other systems came before, so that one source and id is one event, whatever its data. */

/**
 * The answer of the inbox to an event that comes.
 * - new: it came for the first time, and is recorded now.
 * - open: it came before, with this hash. Its commands are perhaps not answered.
 * - done: it came before, with this hash, and nothing is left to do.
 * - reused: its source and id came before, with another hash.
 */
export type Arrived = "new" | "open" | "done" | "reused";

/** The key names the translator, the source and the id. The hash is of the data. */
export type InboxEntry = { readonly key: string; readonly hash: string };

/** Each method throws `PermanentError` for an entry that can never be stored. */
export type Inbox = {
  /** Records the event if its key is new or has expired. Of several at once, one is new and the others are open. */
  readonly receive: (entry: InboxEntry, now: Date) => Promise<Arrived>;
  /** Takes back an entry of which nothing has come: the next event under its key is new. */
  readonly withdraw: (entry: InboxEntry, now: Date) => Promise<void>;
  /** Records that nothing is left to do. The record is kept for 35 days from then. */
  readonly done: (entry: InboxEntry, now: Date) => Promise<void>;
};

/** Longer than any queue or archive of ours keeps an event. */
export const rememberedSeconds = 35 * 24 * 3600;
