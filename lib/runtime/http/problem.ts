/** What a client did wrong, or what is wrong with us, after RFC 9457. */
import type { RejectionKind } from "../../model/decider.ts";
import type { HttpResponse } from "../../ports/http.ts";

/** A row a kind of problem; its `type` is `urn:eventfold:problem:` and the kind, for good. To add one, add a row. */
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
  contended: { status: 503, title: "Too many want this at once" },
} as const;

export type ProblemKind = keyof typeof problems;

/** What a client gets for each kind of rejection. */
export const rejectionProblems = {
  conflict: "refused",
  "not-found": "not-found",
  forbidden: "forbidden",
} as const satisfies Readonly<Record<RejectionKind, ProblemKind>>;

/** Where in the request, and what is wrong there. */
export type Fault = { readonly path: readonly PropertyKey[]; readonly detail: string };

export type Problem = {
  readonly kind: ProblemKind;
  readonly detail?: string;
  readonly errors?: readonly Fault[];
  /** The business's own code of a refusal. */
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export const isProblem = (value: object): value is Problem =>
  "kind" in value && typeof value.kind === "string" && Object.hasOwn(problems, value.kind);

/** A body may have a fault in each of its bytes; the answer is small and soon made whatever was sent. */
const faultsMax = 20;
const nameMax = 100;

export const typeOf = (kind: ProblemKind): string => `urn:eventfold:problem:${kind}`;

/** A JSON pointer, RFC 6901; what is left out of a name that no field bears is shown as an ellipsis. */
export const pointerOf = (path: readonly PropertyKey[]): string =>
  path
    .map(String)
    .map((name) => (name.length > nameMax ? `${name.slice(0, nameMax)}…` : name))
    .map((name) => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");

export const problemResponse = ({
  kind,
  errors = [],
  detail = errors.length > faultsMax ? `the first ${faultsMax} of ${errors.length} errors` : undefined,
  code,
  headers = {},
}: Problem): HttpResponse => {
  const { status, title } = problems[kind];
  const faults = errors.slice(0, faultsMax).map(({ path, detail }) => ({ pointer: pointerOf(path), detail }));
  const type = typeOf(kind);
  const body = { type, title, status, detail, code, errors: faults.length > 0 ? faults : undefined };
  return {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
    body: JSON.stringify(body),
  };
};

export const jsonResponse = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});
