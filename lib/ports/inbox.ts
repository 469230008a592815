/**
 * The inbox: which events of other systems have arrived. Events with the same source and id are one event, whatever
 * their data.
 */

/**
 * What the inbox knows about an event that arrives.
 * - new: it arrives for the first time, and is recorded now.
 * - open: it arrived before, with this hash. Its commands may not be answered yet.
 * - done: it arrived before, with this hash, and its commands are answered.
 * - reused: its source and id arrived before, with another hash.
 */
export type Arrived = "new" | "open" | "done" | "reused";

/** The key names the translator, the source and the id. `hash` is the hash of the data. */
export type InboxEntry = { readonly key: string; readonly hash: string };

/** Each method throws `PermanentError` for an entry that can never be stored. */
export type Inbox = {
  /**
   * Records the event if its key is new or has expired. Of several concurrent calls, one answers new and the others
   * answer open.
   */
  readonly receive: (entry: InboxEntry, now: Date) => Promise<Arrived>;
  /** Removes an entry that has had no effect, so that the next event with its key is new. */
  readonly withdraw: (entry: InboxEntry, now: Date) => Promise<void>;
  /** Records that the commands are answered. The record is kept for another 35 days. */
  readonly done: (entry: InboxEntry, now: Date) => Promise<void>;
};

/** How long records are kept, in seconds: longer than any queue or archive of the stack keeps an event. */
export const rememberedSeconds = 35 * 24 * 3600;
