/** The Idempotency-Keys of callers: which request each was used with, and what was answered. */
import type { HttpResponse } from "./http.ts";

/** What every retry takes over from the first attempt, so that all of them send the same command. */
export type FirstAttempt = {
  readonly commandId: string;
  /** ISO 8601, UTC. */
  readonly issuedAt: string;
  readonly actor?: string;
};

/** Written before the command is handled. */
export type Mark = {
  /** Identifies the key of one caller. */
  readonly id: string;
  /** Equal for equal requests. */
  readonly fingerprint: string;
  /** The attempt that holds the lease; no other attempt has this value. */
  readonly owner: string;
  readonly first: FirstAttempt;
  /** From then on the key is new. */
  readonly expires: Date;
};

/**
 * - first: the key is new; this attempt has the lease.
 * - retry: an earlier attempt of the same request ended without an answer, or this attempt asks again; it has the lease.
 *   `mark` holds what the first attempt wrote.
 * - answered: the same request was answered.
 * - busy: another attempt of the same request has the lease until then.
 * - other: the key was used with another request.
 */
export type Begun =
  | { readonly kind: "first" | "retry"; readonly mark: Mark }
  | { readonly kind: "answered"; readonly answer: HttpResponse }
  | { readonly kind: "busy"; readonly until: Date }
  | { readonly kind: "other" };

export type IdempotencyKeys = {
  /** Marks the key, or says what is known of it. Of many attempts at once only one gets the lease. */
  readonly begin: (mark: Mark, now: Date, leaseSeconds: number) => Promise<Begun>;
  /** Keeps the answer until the mark expires. Answers false, and keeps nothing, if the lease is another attempt's. */
  readonly answer: (mark: Mark, answer: HttpResponse) => Promise<boolean>;
  /** Ends the lease: the same request may be tried again at once. No effect if the lease is another attempt's. */
  readonly release: (mark: Mark) => Promise<void>;
  /** Removes the mark: the key is new again. No effect if the lease is another attempt's. */
  readonly forget: (mark: Mark) => Promise<void>;
};
