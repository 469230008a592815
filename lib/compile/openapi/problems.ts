/** The problem documents (RFC 9457) that an operation may answer with, from the table that the endpoints use. */
import { type ProblemKind, problems, typeOf } from "../../model/http/problem-kinds.ts";
import type { Schema } from "../schemas/schemas.ts";
import { etag, type Headers, type Response, type Responses, referTo, text } from "./operation.ts";

export const problem: Schema = {
  type: "object",
  description: "RFC 9457",
  properties: {
    type: { ...text, description: "The kind of problem. The value is stable" },
    title: text,
    status: { type: "integer" },
    detail: text,
    code: { ...text, description: "The rejection code, which the application defines" },
    errors: {
      type: "array",
      description: "The invalid parts of the request",
      items: {
        type: "object",
        properties: {
          pointer: { ...text, description: "A JSON Pointer into the body, the path parameters or the query" },
          detail: text,
        },
        required: ["pointer", "detail"],
      },
    },
  },
  required: ["type", "title", "status"],
};

const retryAfter: Headers = {
  "Retry-After": { description: "Seconds to wait before a retry", schema: text },
};

const acceptEncoding: Headers = {
  "Accept-Encoding": {
    description: "The only content coding that a body may have",
    schema: { const: "identity" },
  },
};

const headersOf: Partial<Readonly<Record<ProblemKind, Headers>>> = {
  stale: etag,
  "key-busy": retryAfter,
  contended: retryAfter,
  "not-yet-readable": retryAfter,
  "content-encoding": acceptEncoding,
};

/** Rejection codes, keyed by the kind of problem document. */
export type Codes = Partial<Readonly<Record<ProblemKind, readonly string[]>>>;

const responseOf = (kinds: readonly ProblemKind[], codesOf: Codes): Response => {
  const codes = kinds.flatMap((kind) => codesOf[kind] ?? []);
  const properties = {
    type: { enum: kinds.map(typeOf) },
    ...(codes.length > 0 && { code: { enum: codes } }),
  };
  return {
    description: kinds.map((kind) => problems[kind].title).join("; "),
    headers: Object.assign({}, codes.length > 0 ? etag : {}, ...kinds.map((kind) => headersOf[kind])),
    content: {
      "application/problem+json": { schema: { type: "object", allOf: [referTo("problem")], properties } },
    },
  };
};

/** Keyed by status. */
export const problemResponses = (kinds: readonly ProblemKind[], codes: Codes = {}): Responses => {
  const statuses = [...new Set(kinds.map((kind) => problems[kind].status))];
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      responseOf(
        kinds.filter((kind) => problems[kind].status === status),
        codes,
      ),
    ]),
  );
};

/** The answer to a bug or an outage. */
export const fault: Responses = {
  500: {
    description: `Internal error. The type is ${typeOf("unreadable-event")} if a stored event cannot be read`,
    content: { "application/problem+json": { schema: referTo("problem") } },
  },
};

const ofGateway = (status: number, description: string): Responses => ({
  [status]: {
    description,
    content: {
      "application/json": {
        schema: {
          type: "object",
          description: "API Gateway answers this itself, so it is not a problem document",
          properties: { message: text },
          required: ["message"],
        },
      },
    },
  },
});

/** The answers of the gateway to callers who may not use a route. */
export const refusedByGateway: Responses = {
  ...ofGateway(401, "The token or signature is missing or invalid"),
  ...ofGateway(403, "The caller is not allowed to do this"),
};

/** Any route may be throttled: an account has limits, and a deployment may have lower ones. */
export const throttledByGateway: Responses = ofGateway(429, "There are too many requests: retry later");
