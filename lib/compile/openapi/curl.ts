/** Requests as lines that people paste into a shell. */
import { exampleOf } from "../schemas/example.ts";
import type { Operation, Parameter } from "./operation.ts";

/** JSON in single quotes of a shell. */
const quoted = (value: unknown): string => `'${JSON.stringify(value).replaceAll("'", "'\\''")}'`;

/** The part of a curl line that sends a value. With a key, the same line pasted again gets the same answer. */
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

/** What proves who calls, from variables of the shell. To add a scheme of the document, add a row. */
const proofs: Readonly<Record<string, string>> = {
  token: '-H "authorization: Bearer $TOKEN"',
  signature:
    '--aws-sigv4 "aws:amz:$AWS_REGION:execute-api" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "x-amz-security-token: $AWS_SESSION_TOKEN"',
};

/** Any scheme of an operation is enough; the first is the one to use. */
const proofOf = ({ security: [first = {}] }: Operation): string | undefined => {
  const [scheme = ""] = Object.keys(first);
  return proofs[scheme];
};

/** The line that calls an operation, with the example of each value that it needs. `$API` is the URL of the API. */
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
