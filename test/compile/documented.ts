/** Schemas of a document as zod knows them, so that values can be held against them. */
import * as z from "zod";
import type { OpenApi } from "../../lib/compile/openapi/openapi.ts";
import type { Schema } from "../../lib/compile/schemas/schemas.ts";

type Components = OpenApi["components"]["schemas"];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** With every reference replaced. Zod's patterns have no unicode classes, so those are left out. */
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

/** Says what is wrong with the value; nothing where it is as documented. */
export const faultsOf = ({ components }: OpenApi, schema: Schema | undefined, value: unknown): string => {
  if (!schema) return "nothing is documented";
  // It was JSON Schema before, and still is.
  const known = z.fromJSONSchema(resolved(schema, components.schemas) as z.core.JSONSchema.JSONSchema);
  const { error } = known.safeParse(value);
  return error ? z.prettifyError(error) : "";
};
