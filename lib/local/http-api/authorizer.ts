/**
 * The JWT authorizers of the API. A request without a valid token is answered with 401, a valid token without a scope of
 * the route with 403.
 */
import type { IncomingMessage } from "node:http";
import type { Cloud } from "../service/service.ts";
import type { Authorization, IdentitySource } from "./authorization.ts";
import { claimTexts, scopesIn } from "./claims.ts";
import { type FindKey, issuerKeys } from "./issuer-keys.ts";
import { forbidden, type Reply, unauthorized } from "./reply.ts";
import { checkToken } from "./token.ts";

/** What the authorizer adds to the event of the function. */
export type JwtContext = {
  readonly claims: Readonly<Record<string, string>>;
  /** The scopes of the route that the token has. Null if the route names none. */
  readonly scopes: readonly string[] | null;
};

type Decision =
  | { readonly kind: "allowed"; readonly jwt: JwtContext }
  | { readonly kind: "refused"; readonly reply: Reply };

type Guarded = Extract<Authorization, { kind: "jwt" }>;

type Authorize = (
  request: Pick<IncomingMessage, "headers"> & { readonly query: string },
  guarded: Guarded,
) => Promise<Decision>;

/** The source has the token alone, or after `Bearer`. */
const tokenIn = (
  { headers, query }: Parameters<Authorize>[0],
  { kind, name }: IdentitySource,
): string | undefined => {
  const given = kind === "header" ? headers[name] : (new URLSearchParams(query).get(name) ?? undefined);
  const text = Array.isArray(given) ? given.join(",") : given;
  return text === undefined || text === "" ? undefined : text.replace(/^Bearer /, "");
};

const refused = (reply: Reply): Decision => ({ kind: "refused", reply });

/** The form of API Gateway, with its empty scope. */
const challengeOf = (because: string): string =>
  `Bearer scope="" error="invalid_token" error_description="${because}"`;

export const jwtAuthorizers = (cloud: Pick<Cloud, "clock" | "report">): Authorize => {
  const keysOf = new Map<string, FindKey>();

  const keysBy = (issuer: string): FindKey => {
    const keys = keysOf.get(issuer) ?? issuerKeys(issuer, cloud);
    keysOf.set(issuer, keys);
    return keys;
  };

  return async (request, { authorizer, scopes }) => {
    const token = tokenIn(request, authorizer.identitySource);
    if (token === undefined) return refused(unauthorized("Bearer"));
    const given = { authorizer, keyWith: keysBy(authorizer.issuer), now: cloud.clock.now() };
    const checked = await checkToken(token, given);
    if (checked.kind === "invalid") return refused(unauthorized(challengeOf(checked.because)));
    const own = scopesIn(checked.claims);
    const matched = scopes.filter((scope) => own.includes(scope));
    if (scopes.length > 0 && matched.length === 0) return refused(forbidden);
    const jwt = { claims: claimTexts(checked.claims), scopes: scopes.length === 0 ? null : matched };
    return { kind: "allowed", jwt };
  };
};
