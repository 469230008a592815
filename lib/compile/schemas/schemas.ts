/** Converts the schemas of an application to JSON Schema 2020-12, the form in its documents. */
import * as z from "zod";
import { type Direction, portablePattern } from "../../model/pattern/patterns.ts";
import { toPortable } from "../../model/pattern/portable.ts";

export type Schema = z.core.JSONSchema.BaseSchema;

/** A pattern in the syntax that all common regular expression engines share. Throws if there is none. */
export const patternOf = (regex: RegExp): string => {
  const portable = toPortable(regex);
  if ("because" in portable) throw new Error(`${regex}: ${portable.because}`);
  return portable.pattern;
};

/** Replaces the pattern by its portable form, or removes it. Validation refuses applications with other patterns. */
const withPortable = (part: z.core.$ZodType, schema: Schema, format: unknown): void => {
  if (schema.pattern === undefined) return;
  const portable = portablePattern(part, schema.pattern, format);
  if (portable && "pattern" in portable) schema.pattern = portable.pattern;
  else delete schema.pattern;
};

const translated = (
  schema: z.ZodType,
  io: Direction,
  override: (part: Schema) => void = () => {},
): Schema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    // A type without an equivalent in JSON Schema, such as a custom check, is shown without restrictions.
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      for (const each of [jsonSchema, ...(jsonSchema.allOf ?? [])])
        withPortable(zodSchema, each, jsonSchema.format);
      override(jsonSchema);
    },
  });
  return rest;
};

const isObject = ({ type }: Schema): boolean => type === "object";

/** What clients may send. Unknown fields are refused at any depth. */
export const inputSchema = (schema: z.ZodType): Schema =>
  translated(schema, "input", (part) => {
    if (isObject(part)) part.additionalProperties ??= false;
  });

const open = (part: Schema): void => {
  if (isObject(part) && part.additionalProperties === false) delete part.additionalProperties;
};

/** What other systems may send. Unknown fields are ignored. */
export const foreignSchema = (schema: z.ZodType): Schema => translated(schema, "input", open);

/** What is answered or recorded. Readers must accept fields that are added later. */
export const outputSchema = (schema: z.ZodType): Schema => translated(schema, "output", open);

/** The schema of an object without these fields. */
export const withoutFields = (schema: Schema, names: readonly string[]): Schema => ({
  ...schema,
  properties: Object.fromEntries(
    Object.entries(schema.properties ?? {}).filter(([name]) => !names.includes(name)),
  ),
  required: (schema.required ?? []).filter((name) => !names.includes(name)),
});

export const isSchema = (part: unknown): part is Schema =>
  typeof part === "object" && part !== null && !Array.isArray(part);
