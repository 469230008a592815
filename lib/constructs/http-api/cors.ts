/**
 * Which headers pages of other origins may send to the API and read from its responses. API Gateway handles CORS, so the
 * functions need no code for it. Credentials in cookies are not allowed: callers send tokens or signatures.
 */
import type { CfnApi } from "aws-cdk-lib/aws-apigatewayv2";
import type { Route } from "../../model/http/route.ts";
import type { Guard } from "./guard.ts";

/** The headers that endpoints and authorizers read and that a page may not send by default. */
const requestHeaders = [
  "authorization",
  "content-type",
  "idempotency-key",
  "if-match",
  "if-none-match",
  "traceparent",
  "x-correlation-id",
];

const signatureHeaders = ["x-amz-content-sha256", "x-amz-date", "x-amz-security-token"];

/** The headers of responses that a page may not read by default. */
const responseHeaders = ["accept-encoding", "allow", "etag", "location", "retry-after", "x-correlation-id"];

/** How long a browser may cache the answer to a preflight request. */
const maxAgeSeconds = 3600;

/** Undefined without origins. Browsers then block pages of other origins. */
export const corsOf = (
  origins: readonly string[],
  routes: readonly Route[],
  guard: Guard,
): CfnApi.CorsProperty | undefined => {
  if (origins.length === 0) return undefined;
  return {
    allowOrigins: [...origins],
    allowMethods: [...new Set(["HEAD", ...routes.map(({ method }) => method)])].toSorted(),
    allowHeaders: [...requestHeaders, ...(guard.kind === "iam" ? signatureHeaders : [])],
    exposeHeaders: responseHeaders,
    maxAge: maxAgeSeconds,
  };
};
