/**
 * Patterns as their authors wrote them. A document contains the form that all languages support, which is hard to read:
 * its form of `\S` is `[^\x09-\x0d …]`.
 */
import { entityTagsPattern, idempotencyKeyPattern } from "../../model/http/headers.ts";
import { idPattern } from "../../model/http/id.ts";
import { patternsOf } from "../../model/pattern/patterns.ts";
import { toPortable } from "../../model/pattern/portable.ts";
import type { Described } from "../openapi/openapi.ts";
import type { Schema } from "../schemas/schemas.ts";

/** What to show for a pattern of a document. */
export type Written = (portable: string) => string;

/** The pattern of entity tags is too long to read. */
const inWords: readonly (readonly [RegExp, string])[] = [
  [entityTagsPattern, '*, or entity tags such as "1" with commas between them'],
];

export const writtenPatterns = (application: Described): Written => {
  const shown = [...patternsOf(application), idPattern, idempotencyKeyPattern].map(
    (pattern) => [pattern, pattern.source] as const,
  );
  const known = new Map<string, string>();
  for (const [pattern, text] of [...shown, ...inWords]) {
    const portable = toPortable(pattern);
    if ("pattern" in portable) known.set(portable.pattern, text);
  }
  return (portable) => known.get(portable) ?? portable;
};

/** If a schema has a format, its pattern says the same at length. */
export const withoutPattern = ({ pattern, format }: Schema): boolean =>
  pattern === undefined || format !== undefined;

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && "pattern" in value && typeof value.pattern === "string";

/** JSON but for its patterns, which are between slashes and not escaped. */
export const schemaText = (schema: Schema, written: Written): string =>
  JSON.stringify(
    schema,
    (_, value: unknown) =>
      isSchema(value) && withoutPattern(value) ? { ...value, pattern: undefined } : value,
    2,
  ).replaceAll(
    /"pattern": ("(?:[^"\\]|\\.)*")/g,
    (_, text: string) => `"pattern": /${written(JSON.parse(text))}/`,
  );
