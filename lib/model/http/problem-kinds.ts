/** The kinds of problem documents (RFC 9457). Endpoints answer with them, and the documents of the API list them. */
import type { RejectionKind } from "../decider.ts";

/** To add a kind, add a row. Its `type` is `urn:eventfold:problem:` and the kind, and never changes. */
export const problems = {
  "malformed-json": { status: 400, title: "The body is not JSON" },
  schema: { status: 400, title: "The request does not have the required shape" },
  header: { status: 400, title: "A header does not have the required shape" },
  "key-required": { status: 400, title: "This request needs an Idempotency-Key" },
  forbidden: { status: 403, title: "The business does not allow this" },
  "not-found": { status: 404, title: "There is nothing here" },
  "method-not-allowed": { status: 405, title: "This path does not have that method" },
  refused: { status: 409, title: "The business refuses this" },
  expired: { status: 409, title: "This command has expired" },
  "not-parked": { status: 409, title: "The saga is not parked" },
  unreadable: { status: 409, title: "What is stored cannot be read" },
  stale: { status: 412, title: "A precondition does not hold" },
  "too-large": { status: 413, title: "The body is too large" },
  "media-type": { status: 415, title: "The body is not application/json" },
  "content-encoding": { status: 415, title: "The body is compressed" },
  "key-busy": { status: 409, title: "A request with this Idempotency-Key is still being handled" },
  "key-reused": { status: 422, title: "This Idempotency-Key was used with another request" },
  "unreadable-event": { status: 500, title: "A stored event cannot be read" },
  "not-yet-readable": { status: 503, title: "A stored event cannot be read yet" },
  contended: { status: 503, title: "Too many want this at once" },
} as const;

/** One of the kinds. */
export type ProblemKind = keyof typeof problems;

/** The kind of problem that a client gets for each kind of rejection. */
export const rejectionProblems = {
  conflict: "refused",
  "not-found": "not-found",
  forbidden: "forbidden",
} as const satisfies Readonly<Record<RejectionKind, ProblemKind>>;

/** The `type` of the problem document. */
export const typeOf = (kind: ProblemKind): string => `urn:eventfold:problem:${kind}`;
