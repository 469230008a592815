/**
 * Checks the properties of a template, or the input of a call, against a schema. Whatever the local cloud does not
 * support is refused and never ignored. The error has the name and the value.
 */
import type * as z from "zod";
import { type Input, type Resource, ServiceError } from "./service.ts";

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    // Any value may be indexed here. A missing member is undefined.
    (inner, key) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[key],
    value,
  );

const refusal = (error: z.ZodError, value: unknown): string => {
  const [issue] = error.issues;
  if (!issue) return "is not valid";
  const path = issue.code === "unrecognized_keys" ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
  const reason = issue.code === "unrecognized_keys" ? "does not run here" : issue.message;
  return `${path.join(".")} = ${JSON.stringify(at(value, path))}: ${reason}`;
};

/** The properties of a resource. Throws an error with its logical id, the property and the value. */
export const propertiesOf = <Shape>(resource: Resource, schema: z.ZodType<Shape>): Shape => {
  const parsed = schema.safeParse(resource.properties);
  if (parsed.success) return parsed.data;
  throw new Error(
    `${resource.id} (${resource.type}): property ${refusal(parsed.error, resource.properties)}`,
  );
};

/** The input of a call. Throws a ServiceError with this `code`, the member and the value. */
export const inputOf = <Shape>(input: Input, schema: z.ZodType<Shape>, code: string): Shape => {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ServiceError(code, refusal(parsed.error, input));
};
