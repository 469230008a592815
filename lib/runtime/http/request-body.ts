/** From the bytes of a body to an object that holds nothing strange: strict here, at the door, and nowhere else. */
import type * as z from "zod";
import { bodyBytesMax } from "../../model/http/limits.ts";
import { lossesIn } from "../../model/json/json-text.ts";
import { isJsonObject, type JsonObject } from "../../model/json/json-value.ts";
import type { HttpRequest } from "../../ports/http.ts";
import type { Fault, Problem } from "./problem.ts";

const childrenOf = (value: unknown): readonly (readonly [PropertyKey, unknown])[] => {
  if (Array.isArray(value)) return [...value.entries()];
  return isJsonObject(value) ? Object.entries(value) : [];
};

const unknownField = "unknown field";

/**
 * Texts and names with half a character in them, which no encoding of ours can keep. Some schemas drop a field
 * `__proto__` without a word, so it is unknown to all of them.
 */
const illFormed = (value: unknown, path: readonly PropertyKey[]): readonly Fault[] => {
  const fault = (detail: string): readonly Fault[] => [{ path, detail }];
  if (typeof value === "string") return value.isWellFormed() ? [] : fault("has a lone surrogate");
  return childrenOf(value).flatMap(([name, child]) => {
    if (name === "__proto__") return [{ path: [...path, name], detail: unknownField }];
    return typeof name === "string" && !name.isWellFormed()
      ? fault("has a field whose name has a lone surrogate")
      : illFormed(child, [...path, name]);
  });
};

/** zod names all unknown fields of an object in one issue; each gets a fault of its own. */
export const faultsOf = ({ issues }: z.ZodError): readonly Fault[] =>
  issues.flatMap((issue): readonly Fault[] =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({ path: [...issue.path, key], detail: unknownField }))
      : [{ path: issue.path, detail: issue.message }],
  );

/** RFC 9110: each parameter follows a semicolon, and a semicolon may stand alone. */
const mediaType =
  /^application\/json[ \t]*(;[ \t]*([\w!#$%&'*+.^`|~-]+[ \t]*=[ \t]*([\w!#$%&'*+.^`|~-]+|"[^"]*")[ \t]*)?)*$/i;

const otherCharset = /;[ \t]*charset[ \t]*=(?![ \t]*"?utf-?8"?[ \t]*(;|$))/i;

/** Parameters that are not known are ignored (RFC 2045); JSON is UTF-8 and nothing else (RFC 8259). */
const isJson = (contentType: string): boolean =>
  mediaType.test(contentType) && !otherCharset.test(contentType);

/** No coding, or the one that changes nothing. */
const unencoded = /^[ \t]*(identity)?[ \t]*$/i;

/** Nested deeper than this no schema of ours is; what follows goes down by calls, and no stack is risked. */
const depthMax = 64;

/** Level by level. */
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
    return { value: JSON.parse(text) };
  } catch (error) {
    return { kind: "malformed-json", detail: error instanceof Error ? error.message : `${error}` };
  }
};

/** RFC 9110: the header says which codings are accepted. */
const encoded: Problem = {
  kind: "content-encoding",
  detail: "send the body without Content-Encoding",
  headers: { "accept-encoding": "identity" },
};

/** It may have been other bytes. */
const replaced =
  "the body holds U+FFFD, which replaces bytes that are not UTF-8. Send UTF-8, and U+FFFD as \\ufffd";

/** `inexact` are numbers that are not kept as they were sent. Most schemas refuse them with a better reason. */
export type Body = { readonly object: JsonObject; readonly inexact: readonly Fault[] };

/** The object in the body; an empty body is an empty object. */
export const bodyOf = ({ headers, body, isBodyReplaced }: HttpRequest): Body | Problem => {
  if (body.byteLength > bodyBytesMax)
    return { kind: "too-large", detail: `at most ${bodyBytesMax} bytes are taken` };
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
    return { kind: "schema", errors: [{ path: [], detail: `nested more than ${depthMax} deep` }] };
  const losses = [...lossesIn(text)];
  const errors = [...losses.filter(({ kind }) => kind === "duplicate"), ...illFormed(value, [])];
  return errors.length > 0 ? { kind: "schema", errors } : { object: value, inexact: losses };
};
