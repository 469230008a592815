/** The ledger of effects: which were performed, so that each runs once per event. */
import type { SentCommand } from "../model/message.ts";

/**
 * - claimed: nobody performs it; it is ours until the lease ends.
 * - busy: somebody holds a live lease.
 * - performed: it was performed; its follow-up command, if any, is perhaps not yet answered.
 * - done: nothing is left to do.
 */
export type Claim =
  | { readonly kind: "claimed" }
  | { readonly kind: "busy" }
  | { readonly kind: "performed"; readonly command: SentCommand | undefined }
  | { readonly kind: "done" };

/** Each method throws `PermanentError` for an entry that can never be stored: its key or its command is too large. */
export type Ledger = {
  /** Claims the entry for so many seconds if it is new or its lease has ended: of two at once only one gets it. */
  readonly claim: (key: string, now: Date, leaseSeconds: number) => Promise<Claim>;
  /** Ends our own lease early, after a failure that is over, and keeps why: it may be claimed again at once. */
  readonly release: (key: string, because: string) => Promise<void>;
  /** Why it failed last, of an entry that was released; nothing of one that is done. */
  readonly why: (key: string) => Promise<string | undefined>;
  /** Records that it was performed, with its follow-up command, unless somebody has done so already. */
  readonly performed: (key: string, command: SentCommand | undefined) => Promise<void>;
  /** Records that nothing is left to do. An entry that is done never changes again. */
  readonly done: (key: string) => Promise<void>;
};
