/** Schemas of an application in JSON Schema 2020-12, as its documents show them. */
import * as z from "zod";

export type Schema = z.core.JSONSchema.BaseSchema;

const translated = (
  schema: z.ZodType,
  io: "input" | "output",
  override: (part: Schema) => void = () => {},
): Schema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    // What no schema language has, such as a function of our own, is shown as anything.
    unrepresentable: "any",
    override: ({ jsonSchema }) => override(jsonSchema),
  });
  return rest;
};

const isObject = ({ type }: Schema): boolean => type === "object";

/** What may be sent. At the door unknown fields are refused, at any depth. */
export const inputSchema = (schema: z.ZodType): Schema =>
  translated(schema, "input", (part) => {
    if (isObject(part)) part.additionalProperties ??= false;
  });

const open = (part: Schema): void => {
  if (isObject(part) && part.additionalProperties === false) delete part.additionalProperties;
};

/** What other systems may send. Unknown fields are dropped. */
export const foreignSchema = (schema: z.ZodType): Schema => translated(schema, "input", open);

/** What is answered or recorded. Whoever reads it takes it that fields are added later. */
export const outputSchema = (schema: z.ZodType): Schema => translated(schema, "output", open);

/** An object's schema without some of its fields. */
export const withoutFields = (schema: Schema, names: readonly string[]): Schema => ({
  ...schema,
  properties: Object.fromEntries(
    Object.entries(schema.properties ?? {}).filter(([name]) => !names.includes(name)),
  ),
  required: (schema.required ?? []).filter((name) => !names.includes(name)),
});
