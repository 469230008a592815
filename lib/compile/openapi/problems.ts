/** The problem documents of RFC 9457 that an operation answers with, from the table that the endpoints answer by. */
import { type ProblemKind, problems, typeOf } from "../../model/http/problem-kinds.ts";
import type { Schema } from "../schemas/schemas.ts";
import { etag, type Headers, type Response, type Responses, referTo, text } from "./operation.ts";

export const problem: Schema = {
  type: "object",
  description: "RFC 9457",
  properties: {
    type: { ...text, description: "Stable: what went wrong" },
    title: text,
    status: { type: "integer" },
    detail: text,
    code: { ...text, description: "The business's own code of a refusal" },
    errors: {
      type: "array",
      description: "Where the request is wrong",
      items: {
        type: "object",
        properties: {
          pointer: { ...text, description: "A JSON pointer into body, path parameters or query" },
          detail: text,
        },
        required: ["pointer", "detail"],
      },
    },
  },
  required: ["type", "title", "status"],
};

const retryAfter: Headers = {
  "Retry-After": { description: "Seconds until another try makes sense", schema: text },
};

const acceptEncoding: Headers = {
  "Accept-Encoding": { description: "The only coding that a body may have", schema: { const: "identity" } },
};

const headersOf: Partial<Readonly<Record<ProblemKind, Headers>>> = {
  stale: etag,
  "key-busy": retryAfter,
  contended: retryAfter,
  "content-encoding": acceptEncoding,
};

/** The codes of rejections by the kind of problem that they become. */
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

/** By status. */
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

/** A bug or an outage of ours. */
export const fault: Responses = {
  500: {
    description: "This is our fault",
    content: { "application/problem+json": { schema: referTo("problem") } },
  },
};

/** What the gateway answers by itself where a route is guarded, in its own words. */
export const refusedByGateway: Responses = Object.fromEntries(
  [
    ["401", "Nobody is signed in"],
    ["403", "Whoever is signed in may not do this"],
  ].map(([status, description]) => [
    status,
    {
      description,
      content: {
        "application/json": {
          schema: { type: "object", properties: { message: text }, required: ["message"] },
        },
      },
    },
  ]),
);
