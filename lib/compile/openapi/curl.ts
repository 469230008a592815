/** Requests as curl lines for a shell. */
import { exampleOf } from "../schemas/example.ts";
import type { Operation, Parameter } from "./operation.ts";

/** JSON as an argument in single quotes. */
const quoted = (value: unknown): string => `'${JSON.stringify(value).replaceAll("'", "'\\''")}'`;

/** The arguments that send a value. The idempotency key makes it safe to paste the line again. */
export const sending = (key: string, value: unknown): string =>
  `-H 'content-type: application/json' -H 'idempotency-key: ${key}' -d ${quoted(value)}`;

const exampleIn = ({ name, schema }: Parameter): string => encodeURIComponent(`${exampleOf(schema, name)}`);

const targetOf = (path: string, parameters: readonly Parameter[]): string => {
  const inPath = parameters.filter((each) => each.in === "path");
  const query = parameters
    .filter((each) => each.in === "query" && each.required)
    .map((each) => `${each.name}=${exampleIn(each)}`)
    .join("&");
  const filled = inPath.reduce((made, each) => made.replaceAll(`{${each.name}}`, exampleIn(each)), path);
  return query === "" ? filled : `${filled}?${query}`;
};

/** The arguments that authenticate the caller, with shell variables. To add a security scheme, add a row. */
const proofs: Readonly<Record<string, string>> = {
  token: '-H "authorization: Bearer $TOKEN"',
  signature:
    '--aws-sigv4 "aws:amz:$AWS_REGION:execute-api" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "x-amz-security-token: $AWS_SESSION_TOKEN"',
};

/** One scheme is enough, so the first is used. */
const proofOf = ({ security: [first = {}] }: Operation): string | undefined => {
  const [scheme = ""] = Object.keys(first);
  return proofs[scheme];
};

/** The line that calls an operation with example values. `$API` is the URL of the API. */
export const curlOf = (method: string, path: string, operation: Operation): string => {
  const { operationId, parameters, requestBody } = operation;
  const example = requestBody?.content["application/json"]?.example;
  return [
    "curl",
    ...(method === "get" ? [] : ["-X", method.toUpperCase()]),
    proofOf(operation),
    requestBody && sending(`${operationId}-1`, example),
    `"$API${targetOf(path, parameters)}"`,
  ]
    .filter((part) => part !== undefined)
    .join(" ");
};
