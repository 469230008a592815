/**
 * Parses the bytes of a body into a JSON object and refuses everything unusual. Only this entry point is that
 * strict.
 */
import type * as z from "zod";
import { bodyBytesMax } from "../../model/http/limits.ts";
import { jsonIn, lossesIn } from "../../model/json/json-text.ts";
import { isJsonObject, type JsonObject } from "../../model/json/json-value.ts";
import type { HttpRequest } from "../../ports/http.ts";
import type { Fault, Problem } from "./problem.ts";

const childrenOf = (value: unknown): readonly (readonly [PropertyKey, unknown])[] => {
  if (Array.isArray(value)) return [...value.entries()];
  return isJsonObject(value) ? Object.entries(value) : [];
};

const unknownField = "unknown field";

/**
 * Strings and names with a lone surrogate, which UTF-8 cannot encode. Some schemas silently drop a field
 * `__proto__`, so it is reported as unknown for every schema.
 */
const illFormed = (value: unknown, path: readonly PropertyKey[]): readonly Fault[] => {
  const fault = (detail: string): readonly Fault[] => [{ path, detail }];
  if (typeof value === "string")
    return value.isWellFormed() ? [] : fault("must not contain a lone surrogate");
  return childrenOf(value).flatMap(([name, child]) => {
    if (name === "__proto__") return [{ path: [...path, name], detail: unknownField }];
    return typeof name === "string" && !name.isWellFormed()
      ? fault("must not have a field name with a lone surrogate")
      : illFormed(child, [...path, name]);
  });
};

/** zod reports all unknown fields of an object as one issue. Here each field gets its own fault. */
export const faultsOf = ({ issues }: z.ZodError): readonly Fault[] =>
  issues.flatMap((issue): readonly Fault[] =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({ path: [...issue.path, key], detail: unknownField }))
      : [{ path: issue.path, detail: issue.message }],
  );

/** RFC 9110: each parameter follows a semicolon, and a semicolon without a parameter is allowed. */
const mediaType =
  /^application\/json[ \t]*(;[ \t]*([\w!#$%&'*+.^`|~-]+[ \t]*=[ \t]*([\w!#$%&'*+.^`|~-]+|"[^"]*")[ \t]*)?)*$/i;

const otherCharset = /;[ \t]*charset[ \t]*=(?![ \t]*"?utf-?8"?[ \t]*(;|$))/i;

/** Unknown parameters are ignored (RFC 2045). JSON is always UTF-8 (RFC 8259). */
const isJson = (contentType: string): boolean =>
  mediaType.test(contentType) && !otherCharset.test(contentType);

/** No coding, or `identity`. */
const unencoded = /^[ \t]*(identity)?[ \t]*$/i;

/** No schema of ours is nested deeper than this. The code below is recursive, so the limit protects the stack. */
const depthMax = 64;

/** Checks one level at a time, without recursion. */
const isTooDeep = (value: unknown): boolean => {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth <= depthMax; depth += 1) {
    level = level.flatMap((each) => childrenOf(each).map(([, child]) => child));
    if (level.length === 0) return false;
  }
  return true;
};

const decoded = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

const parsed = (text: string): { readonly value: unknown } | Problem => {
  try {
    return { value: jsonIn(text) };
  } catch (error) {
    return { kind: "malformed-json", detail: error instanceof Error ? error.message : `${error}` };
  }
};

/** RFC 9110: the header lists the codings that are accepted. */
const encoded: Problem = {
  kind: "content-encoding",
  detail: "send the body without Content-Encoding",
  headers: { "accept-encoding": "identity" },
};

/** The original bytes may have been different. */
const replaced =
  "the body contains U+FFFD, which replaces bytes that are not UTF-8. Send UTF-8, and write U+FFFD as \\ufffd";

/** `inexact` lists numbers that JSON parsing changed. Most schemas refuse such numbers with a better reason. */
export type Body = { readonly object: JsonObject; readonly inexact: readonly Fault[] };

/** The object in the body. An empty body is an empty object. */
export const bodyOf = ({ headers, body, isBodyReplaced }: HttpRequest): Body | Problem => {
  if (body.byteLength > bodyBytesMax)
    return {
      kind: "too-large",
      detail: `the body has ${body.byteLength} bytes, at most ${bodyBytesMax} are allowed`,
    };
  if (!unencoded.test(headers["content-encoding"] ?? "")) return encoded;
  if (body.byteLength === 0) return { object: {}, inexact: [] };
  if (!isJson(headers["content-type"] ?? ""))
    return { kind: "media-type", detail: "send content-type: application/json" };
  if (isBodyReplaced) return { kind: "malformed-json", detail: replaced };
  const text = decoded(body);
  if (text === undefined) return { kind: "malformed-json", detail: "the body is not UTF-8" };
  const json = parsed(text);
  if (!("value" in json)) return json;
  const { value } = json;
  if (!isJsonObject(value)) return { kind: "schema", errors: [{ path: [], detail: "must be an object" }] };
  if (isTooDeep(value))
    return {
      kind: "schema",
      errors: [{ path: [], detail: `must not be nested more than ${depthMax} levels deep` }],
    };
  const losses = [...lossesIn(text)];
  const errors = [...losses.filter(({ kind }) => kind === "duplicate"), ...illFormed(value, [])];
  return errors.length > 0 ? { kind: "schema", errors } : { object: value, inexact: losses };
};
