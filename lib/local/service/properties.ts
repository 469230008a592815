/**
 * Reads what a template or a caller gives against a schema: what the local cloud does not run is refused
 * by its name and value, never ignored.
 */
import type * as z from "zod";
import { type Input, type Resource, ServiceError } from "./service.ts";

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    // Any value may be indexed so; what has no such member gives undefined.
    (inner, key) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[key],
    value,
  );

const refusal = (error: z.ZodError, value: unknown): string => {
  const [issue] = error.issues;
  if (!issue) return "is not understood";
  const path = issue.code === "unrecognized_keys" ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
  const reason = issue.code === "unrecognized_keys" ? "not run here" : issue.message;
  return `${path.join(".")} = ${JSON.stringify(at(value, path))}: ${reason}`;
};

/** The properties of a resource; throws naming its logical id, the property and the value. */
export const propertiesOf = <Shape>(resource: Resource, schema: z.ZodType<Shape>): Shape => {
  const parsed = schema.safeParse(resource.properties);
  if (parsed.success) return parsed.data;
  throw new Error(
    `${resource.id} (${resource.type}): property ${refusal(parsed.error, resource.properties)}`,
  );
};

/** The input of a call; throws ServiceError with `code` naming the member and the value. */
export const inputOf = <Shape>(input: Input, schema: z.ZodType<Shape>, code: string): Shape => {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ServiceError(code, refusal(parsed.error, input));
};
