/**
 * What pages of other origins may send to the API and read of its answers. API Gateway adds the headers of CORS; the
 * functions know nothing of it. Cookies are not allowed: callers are known by tokens or signatures.
 */
import type { CfnApi } from "aws-cdk-lib/aws-apigatewayv2";
import type { Route } from "../../model/application.ts";
import type { Guard } from "./guard.ts";

/** What the endpoints and authorizers read, beyond what a page may send anyway. */
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

/** What the endpoints answer with, beyond what a page may read anyway. */
const responseHeaders = ["accept-encoding", "allow", "etag", "location", "retry-after", "x-correlation-id"];

/** Browsers ask again after an hour. */
const maxAgeSeconds = 3600;

/** Nothing without origins: then a browser keeps the pages of other origins away. */
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
