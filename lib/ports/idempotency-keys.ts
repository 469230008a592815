/** The Idempotency-Keys of callers: the request that used each key, and its answer. */
import type { HttpResponse } from "./http.ts";

/** What every retry copies from the first attempt, so that all attempts send the same command. */
export type FirstAttempt = {
  readonly commandId: string;
  /** ISO 8601, UTC. */
  readonly issuedAt: string;
  readonly actor?: string;
};

/** Stored before the command is handled. */
export type Mark = {
  /** Identifies the key of one caller. */
  readonly id: string;
  /** Equal for equal requests. */
  readonly fingerprint: string;
  /** The attempt that holds the lease. Every attempt has its own value. */
  readonly owner: string;
  readonly first: FirstAttempt;
  /** When the key becomes new again. */
  readonly expires: Date;
};

/**
 * The outcome of `begin`.
 * - first: the key is new, and this attempt has the lease.
 * - retry: an earlier attempt of the same request ended without an answer, or this attempt calls `begin` again.
 *   This attempt has the lease. `mark` is the one that the first attempt stored.
 * - answered: the same request was answered.
 * - busy: another attempt of the same request has the lease until the given time.
 * - other: the key was used with another request.
 */
export type Begun =
  | { readonly kind: "first" | "retry"; readonly mark: Mark }
  | { readonly kind: "answered"; readonly answer: HttpResponse }
  | { readonly kind: "busy"; readonly until: Date }
  | { readonly kind: "other" };

/** Stores the keys and their answers. */
export type IdempotencyKeys = {
  /**
   * Stores the mark, or answers what is known about the key. Of several concurrent attempts only one gets the
   * lease.
   */
  readonly begin: (mark: Mark, now: Date, leaseSeconds: number) => Promise<Begun>;
  /**
   * Stores the answer until the mark expires. Answers false, and stores nothing, if another attempt has the lease.
   */
  readonly answer: (mark: Mark, answer: HttpResponse) => Promise<boolean>;
  /** Ends the lease, so that the same request can be retried at once. No effect if another attempt has the lease. */
  readonly release: (mark: Mark) => Promise<void>;
  /** Removes the mark, so that the key is new again. No effect if another attempt has the lease. */
  readonly forget: (mark: Mark) => Promise<void>;
};
