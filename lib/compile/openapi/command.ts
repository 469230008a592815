/** The operation of a route that takes a command. */
import { type AnyApplication, deciderOf } from "../../model/application.ts";
import { type AnyDecider, rejectionKindOf } from "../../model/decider.ts";
import { idempotencyKeyPattern } from "../../model/http/headers.ts";
import { idPattern } from "../../model/http/id.ts";
import { bodyBytesMax } from "../../model/http/limits.ts";
import { rejectionProblems } from "../../model/http/problem-kinds.ts";
import { type CommandRoute, parametersOf } from "../../model/http/route.ts";
import { exampleOf } from "../schemas/example.ts";
import { inputSchema, patternOf, type Schema, withoutFields } from "../schemas/schemas.ts";
import { etag, json, type Parameter, pathParameters, preconditions, type Said, text } from "./operation.ts";
import { type Codes, problemResponses } from "./problems.ts";

/** Fields in the path are not part of the body. The id is optional in the body, because the endpoint makes one. */
const bodyOf = ({ path }: CommandRoute, schema: Schema, identifiedBy: string): Schema => {
  const body = withoutFields(schema, parametersOf(path));
  return { ...body, required: (body.required ?? []).filter((name) => name !== identifiedBy) };
};

export const idempotencyKey: Parameter = {
  name: "Idempotency-Key",
  in: "header",
  description: [
    "A key that the client chooses for this request. It is valid for all routes of the client for 24 hours.",
    "The same request (method, path, body, If-Match, If-None-Match) with the same key gets the same answer and has no second effect;",
    "another request with the same key gets 422.",
    "If the first request is still being processed, a repeat waits up to 5 s, then gets 409 with Retry-After.",
    "Answers with status 400, 401, 403, 404 (of access control), 412, 413, 415, 429 and 5xx are not stored.",
    "Send the header only once. A comma is refused, because gateways join repeated headers with a comma.",
  ].join(" "),
  schema: { ...text, pattern: patternOf(idempotencyKeyPattern) },
};

const headers = ({ key }: CommandRoute): readonly Parameter[] => [
  { ...idempotencyKey, required: key === "required" },
  ...preconditions(
    "Execute the command only if the version is one of these; * means any existing version. The part after a dot is ignored",
    "Execute the command only if the version is none of these; * means that the stream must not exist yet",
  ),
  { name: "traceparent", in: "header", description: "W3C trace context, which is propagated", schema: text },
];

const location = {
  Location: { description: "The URL that shows the result", schema: text },
};

const accepted: Schema = {
  type: "object",
  properties: {
    id: { ...text, pattern: patternOf(idPattern) },
    version: { type: "integer", minimum: 0 },
    correlationId: text,
  },
  required: ["id", "version", "correlationId"],
};

/** The rejection codes of the decider, grouped by the kind of problem document. */
const codesOf = (decider: AnyDecider): Codes =>
  Object.fromEntries(
    Object.entries(rejectionProblems)
      .map(([kind, problem]) => {
        const codes = decider.rejections.filter((code) => rejectionKindOf(decider, code) === kind);
        return [problem, codes] as const;
      })
      .filter(([, codes]) => codes.length > 0),
  );

export const ofCommand = (
  application: Pick<AnyApplication, "name" | "deciders">,
  route: CommandRoute,
): Said => {
  const { decider: name, type } = route.command;
  const decider = deciderOf(application, name);
  const { identifiedBy } = decider;
  const codes = codesOf(decider);
  const kinds = Object.values(rejectionProblems).filter((kind) => Object.hasOwn(codes, kind));
  const rejected = [...new Set([...kinds, "refused", "expired"] as const)];
  const schema = inputSchema(route.command.schema);
  const body = bodyOf(route, schema, identifiedBy);
  const needsKey = route.key === "required" ? (["key-required"] as const) : [];
  return {
    summary: type,
    description: `Sends ${type} to ${name}. The body has at most ${bodyBytesMax} bytes, is UTF-8 without a literal U+FFFD, and has no duplicate keys.`,
    parameters: [...pathParameters(route, [schema]), ...headers(route)],
    requestBody: { required: (body.required ?? []).length > 0, content: json(body, exampleOf(body)) },
    responses: {
      202: {
        description: "Accepted. Also the answer if the command changed nothing or was processed before",
        headers: { ...etag, ...(route.location && location) },
        content: json(accepted, { id: "1", version: 1, correlationId: "c-1" }),
      },
      ...problemResponses(["malformed-json", "schema", "header", ...needsKey]),
      ...problemResponses([...rejected, "key-busy"], codes),
      ...problemResponses([
        "stale",
        "too-large",
        "media-type",
        "content-encoding",
        "key-reused",
        "contended",
        "not-yet-readable",
      ]),
    },
  };
};
