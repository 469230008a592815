/** The ledger of effects: which effects were performed, so that each runs once per event. */
import type { SentCommand } from "../model/message.ts";

/**
 * The outcome of a claim.
 * - claimed: the caller has the lease and performs the effect.
 * - busy: another caller has the lease.
 * - performed: it was performed. Its follow-up command, if any, may not be answered yet.
 * - done: nothing is left to do.
 */
export type Claim =
  | { readonly kind: "claimed" }
  | { readonly kind: "busy" }
  | { readonly kind: "performed"; readonly command: SentCommand | undefined }
  | { readonly kind: "done" };

/**
 * Stores the entries. Each method throws `PermanentError` for an entry that can never be stored, because its key or
 * its command is too large.
 */
export type Ledger = {
  /**
   * Claims the entry for `leaseSeconds` if it is new or its lease has ended. Of two concurrent calls only one gets
   * it.
   */
  readonly claim: (key: string, now: Date, leaseSeconds: number) => Promise<Claim>;
  /** Ends the caller's lease after a failure, and stores the reason. The entry can be claimed again at once. */
  readonly release: (key: string, because: string) => Promise<void>;
  /** The last reason of a released entry. Undefined for an entry that is done. */
  readonly why: (key: string) => Promise<string | undefined>;
  /** Records that the effect was performed, with its follow-up command, unless that is recorded already. */
  readonly performed: (key: string, command: SentCommand | undefined) => Promise<void>;
  /** Records that nothing is left to do. An entry that is done never changes again. */
  readonly done: (key: string) => Promise<void>;
};
