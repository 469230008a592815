/**
 * Checks a JSON Web Token as API Gateway documents it: algorithm, key and signature, then `iss`, `exp`, `nbf`, `iat`, and
 * `aud` or, if the token has no `aud`, `client_id`.
 */
import type { errors as JoseErrors, JWTPayload, JWTVerifyGetKey } from "jose";
import type { JwtAuthorizer } from "./authorization.ts";
import type { FindKey } from "./issuer-keys.ts";

export type Claims = JWTPayload;

type Checked =
  | { readonly kind: "valid"; readonly claims: Claims }
  | { readonly kind: "invalid"; readonly because: string };

/** API Gateway supports only RSA. */
const algorithms = ["RS256", "RS384", "RS512"];

const invalid = (because: string): Checked => ({ kind: "invalid", because });

/** The words for the codes of jose. Those for the number of segments are API Gateway's own. */
const reasons: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: "the token has expired",
  ERR_JOSE_ALG_NOT_ALLOWED: `the token is not signed with ${algorithms.join(", ")}`,
  ERR_JWKS_NO_MATCHING_KEY: "no key of the issuer has the kid of the token",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "the signature of the token is not valid",
};

const isClaimFailure = (fault: JoseErrors.JOSEError): fault is JoseErrors.JWTClaimValidationFailed =>
  fault.code === "ERR_JWT_CLAIM_VALIDATION_FAILED" && "claim" in fault;

const reasonOf = (fault: JoseErrors.JOSEError): string => {
  if (isClaimFailure(fault)) return `the token does not have a valid ${fault.claim}`;
  return reasons[fault.code] ?? "the token is malformed";
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const isForAudience = ({ aud, client_id }: Claims, audience: readonly string[]): boolean =>
  listOf(aud ?? client_id).some((each) => audience.some((accepted) => accepted === each));

const isFromThePast = ({ iat }: Claims, now: number): boolean => iat === undefined || iat * 1000 <= now;

type Given = {
  readonly authorizer: Pick<JwtAuthorizer, "issuer" | "audience">;
  readonly keyWith: FindKey;
  /** In milliseconds since 1970. */
  readonly now: number;
};

export const checkToken = async (token: string, { authorizer, keyWith, now }: Given): Promise<Checked> => {
  if (token.split(".").length !== 3) return invalid("token contains an invalid number of segments");
  // Loaded here, because only an API with tokens needs it.
  const { createLocalJWKSet, errors, jwtVerify } = await import("jose");
  const keyOf: JWTVerifyGetKey = async (header, jws) => {
    const key = typeof header.kid === "string" ? await keyWith(header.kid) : undefined;
    return createLocalJWKSet({ keys: key ? [key] : [] })(header, jws);
  };
  try {
    const { payload } = await jwtVerify(token, keyOf, {
      algorithms,
      issuer: authorizer.issuer,
      requiredClaims: ["exp"],
      currentDate: new Date(now),
    });
    if (!isFromThePast(payload, now)) return invalid("the token does not have a valid iat");
    // These words are API Gateway's own.
    if (!isForAudience(payload, authorizer.audience))
      return invalid("the token does not have a valid audience");
    return { kind: "valid", claims: payload };
  } catch (fault) {
    if (fault instanceof errors.JOSEError) return invalid(reasonOf(fault));
    throw fault;
  }
};
