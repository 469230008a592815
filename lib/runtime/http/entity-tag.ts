/**
 * Entity tags and the preconditions that use them: RFC 9110, sections 8.8.3, 13.1 and 13.2. Our tags have the form
 * `"<business version>.<hash of the body>"`, or only the hash for a resource without a version. The answer to a
 * command has no representation, so its tag is the version alone.
 */
import { createHash } from "node:crypto";
import { entityTag, entityTagsPattern } from "../../model/http/headers.ts";
import type { HttpRequest, HttpResponse } from "../../ports/http.ts";
import type { HandleOptions, Versions } from "../streams/decision.ts";
import { isProblem, type Problem } from "./problem.ts";

type Tag = { readonly isWeak: boolean; readonly opaque: string };

/** `any` means `*`. */
type Tags = "any" | readonly Tag[];

/** Undefined if the header is absent. */
const tagsIn = ({ headers }: HttpRequest, name: "If-Match" | "If-None-Match"): Tags | undefined | Problem => {
  const given = headers[name.toLowerCase()];
  if (given === undefined) return undefined;
  if (!entityTagsPattern.test(given))
    return { kind: "header", detail: `${name} must be * or ETags, such as "3" or W/"3", "4"` };
  if (given.trim() === "*") return "any";
  return [...given.matchAll(new RegExp(entityTag, "g"))].map(([text]) => ({
    isWeak: text.startsWith("W/"),
    opaque: text.slice(text.indexOf('"') + 1, -1),
  }));
};

/** Both headers, or the first problem if one is malformed. */
const preconditionsIn = (request: HttpRequest) => {
  const ifMatch = tagsIn(request, "If-Match");
  if (ifMatch && ifMatch !== "any" && isProblem(ifMatch)) return ifMatch;
  const ifNoneMatch = tagsIn(request, "If-None-Match");
  if (ifNoneMatch && ifNoneMatch !== "any" && isProblem(ifNoneMatch)) return ifNoneMatch;
  return { ifMatch, ifNoneMatch };
};

/** Weak tags never match in a strong comparison. */
const opaqueOf = (tags: readonly Tag[], comparison: "strong" | "weak"): readonly string[] =>
  tags.filter(({ isWeak }) => comparison === "weak" || !isWeak).map(({ opaque }) => opaque);

/** At most 15 digits: enough for every version, and exact as a number. A tag that is not ours names no version. */
const versionIn = (opaque: string): readonly number[] => {
  const [, digits] = /^(0|[1-9]\d{0,14})(?:\.|$)/.exec(opaque) ?? [];
  return digits === undefined ? [] : [Number(digits)];
};

const versionsOf = (tags: Tags, comparison: "strong" | "weak"): Versions =>
  tags === "any" ? tags : opaqueOf(tags, comparison).flatMap(versionIn);

/** The versions of its stream that a command accepts. An absent header accepts every version. */
export const versionsIn = (request: HttpRequest): HandleOptions | Problem => {
  const preconditions = preconditionsIn(request);
  if ("kind" in preconditions) return preconditions;
  const { ifMatch, ifNoneMatch } = preconditions;
  return {
    ...(ifMatch && { ifMatch: versionsOf(ifMatch, "strong") }),
    ...(ifNoneMatch && { ifNoneMatch: versionsOf(ifNoneMatch, "weak") }),
  };
};

/** 96 bits: a collision between two bodies of one resource is practically impossible. */
const hashOf = (body: string): string => createHash("sha256").update(body).digest("base64url").slice(0, 16);

/** Two answers have the same tag only if they have the same version and the same bytes. */
export const entityTagOf = (body: string, version?: number): string =>
  version === undefined ? `"${hashOf(body)}"` : `"${version}.${hashOf(body)}"`;

/**
 * Applies the preconditions to the answer to a GET or HEAD. The result is the answer itself, a problem, or 304 with
 * the headers that a cache needs. Preconditions apply only to an answer that would be 200.
 */
export const conditional = (request: HttpRequest, response: HttpResponse): HttpResponse | Problem => {
  const { status, headers } = response;
  const { etag } = headers;
  if (status !== 200 || etag === undefined) return response;
  const preconditions = preconditionsIn(request);
  if ("kind" in preconditions) return preconditions;
  const { ifMatch, ifNoneMatch } = preconditions;
  const isAmong = (tags: Tags, comparison: "strong" | "weak") =>
    tags === "any" || opaqueOf(tags, comparison).some((opaque) => `"${opaque}"` === etag);
  if (ifMatch && !isAmong(ifMatch, "strong"))
    return { kind: "stale", detail: `the current ETag is ${etag}`, headers: { etag } };
  if (!ifNoneMatch || !isAmong(ifNoneMatch, "weak")) return response;
  const { "content-type": _, ...kept } = headers;
  return { status: 304, headers: kept, body: "" };
};
