/** A client error or a server error, as a problem document of RFC 9457. */
import { type ProblemKind, problems, typeOf } from "../../model/http/problem-kinds.ts";
import type { HttpResponse } from "../../ports/http.ts";

/** The place in the request, and the error there. */
export type Fault = { readonly path: readonly PropertyKey[]; readonly detail: string };

export type Problem = {
  readonly kind: ProblemKind;
  readonly detail?: string;
  readonly errors?: readonly Fault[];
  /** The code of a rejection by the application. */
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export const isProblem = (value: object): value is Problem =>
  "kind" in value && typeof value.kind === "string" && Object.hasOwn(problems, value.kind);

/** Every byte of a body may contain a fault. This limit keeps the answer small and fast. */
const faultsMax = 20;
const nameMax = 100;

/** A JSON pointer (RFC 6901). Names longer than any real field are cut and end with an ellipsis. */
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
