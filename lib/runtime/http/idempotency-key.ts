/** The Idempotency-Key of a request: who owns it, and which requests count as the same. */
import { createHash } from "node:crypto";
import { idempotencyKeyPattern } from "../../model/http/headers.ts";
import { canonical } from "../../model/json/canonical.ts";
import type { HttpRequest } from "../../ports/http.ts";
import type { Problem } from "./problem.ts";

/** The key, undefined if the request has none, or the problem with it. */
export const idempotencyKeyOf = ({ headers }: HttpRequest): string | undefined | Problem => {
  const given = headers["idempotency-key"];
  if (given === undefined || idempotencyKeyPattern.test(given)) return given;
  return {
    kind: "header",
    detail: given.includes(",")
      ? "Idempotency-Key must be sent once, and must not contain a comma"
      : "Idempotency-Key must be 1 to 255 visible ASCII characters without a comma",
  };
};

const hash = (...parts: readonly (string | null)[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("base64url");

/** A key belongs to its caller. A key sent without a caller is shared by the whole API. */
export const markIdOf = ({ caller }: HttpRequest, key: string): string => hash(caller?.subject ?? null, key);

const preconditions = ["if-match", "if-none-match"];

/** Equal for requests with the same method, path, parsed body and preconditions. */
export const fingerprintOf = ({ method, route, parameters, headers }: HttpRequest, body: unknown): string =>
  hash(
    method,
    route ?? null,
    canonical(parameters),
    canonical(body),
    ...preconditions.map((name) => headers[name] ?? null),
  );
