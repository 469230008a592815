/** Schemas of a document as zod schemas, so that values can be validated. */
import * as z from "zod";
import type { OpenApi } from "../../lib/compile/openapi/openapi.ts";
import type { Schema } from "../../lib/compile/schemas/schemas.ts";

type Components = OpenApi["components"]["schemas"];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The schema with all references resolved. Unicode classes are removed, because zod does not support them. */
const resolved = (value: unknown, components: Components): unknown => {
  if (Array.isArray(value)) return value.map((each) => resolved(each, components));
  if (!isObject(value)) return value;
  if (typeof value.$ref === "string") {
    const name = value.$ref.replace("#/components/schemas/", "");
    if (!components[name]) throw new Error(`no component ${value.$ref}`);
    return resolved(components[name], components);
  }
  const fields = Object.entries(value).filter(
    ([name, field]) => !(name === "pattern" && typeof field === "string" && field.includes("\\p{")),
  );
  return Object.fromEntries(fields.map(([name, field]) => [name, resolved(field, components)]));
};

/** The errors of a value. Undefined if it fits the schema. */
export const faultsOf = ({ components }: OpenApi, schema: Schema | undefined, value: unknown): string => {
  if (!schema) return "nothing is documented";
  // The result is still JSON Schema.
  const known = z.fromJSONSchema(resolved(schema, components.schemas) as z.core.JSONSchema.JSONSchema);
  const { error } = known.safeParse(value);
  return error ? z.prettifyError(error) : "";
};
