/**
 * The parts of a zod schema. This module imports `zod/v4/core` directly, because `z.core` would pull all of zod
 * into a bundle.
 */
import * as core from "zod/v4/core";
import { pointerTo } from "./json-value.ts";

/** Any zod schema. */
export type Part = core.$ZodType;

/** The values that a schema of literals lists. */
export const valuesOf = (part: Part): readonly unknown[] => {
  if (part instanceof core.$ZodLiteral) return part._zod.def.values;
  return part instanceof core.$ZodEnum ? Object.values(part._zod.def.entries) : [];
};

/** Whether a schema only wraps another one, whose path stays the same. */
export const isWrapper = (part: Part) =>
  part instanceof core.$ZodOptional ||
  part instanceof core.$ZodNullable ||
  part instanceof core.$ZodNonOptional ||
  part instanceof core.$ZodReadonly ||
  part instanceof core.$ZodDefault ||
  part instanceof core.$ZodPrefault;

/** The inner schema of one that adds nothing to the path. Undefined if there is none. */
export const innerOf = (part: Part): Part | undefined => {
  if (part instanceof core.$ZodLazy) return part._zod.def.getter();
  return isWrapper(part) || part instanceof core.$ZodCatch ? part._zod.def.innerType : undefined;
};

const unwrapped = (part: Part): Part => {
  const inner = innerOf(part);
  return inner ? unwrapped(inner) : part;
};

/** The schema of a field inside objects: `["customer", "id"]`. Undefined if there is no such field. */
export const fieldAt = (part: Part, [name, ...more]: readonly string[]): Part | undefined => {
  if (name === undefined) return part;
  const object = unwrapped(part);
  if (!(object instanceof core.$ZodObject)) return undefined;
  const { shape } = object._zod.def;
  const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
  return field && fieldAt(field, more);
};

/** Whether every value of the schema is a string. A schema that transforms may give any value, and counts as one. */
export const isText = (part: Part): boolean => {
  const inner = unwrapped(part);
  return inner instanceof core.$ZodString || inner instanceof core.$ZodPipe;
};

/** A part and its path: a JSON pointer from the outer schema to the part. `*` is any element or any key. */
type Located = readonly [path: string, part: Part];

/** The parts of a schema, one level down. */
export const partsOf = (part: Part): readonly Located[] => {
  const inner = innerOf(part);
  if (inner) return [["", inner]];
  if (part instanceof core.$ZodArray) return [["/*", part._zod.def.element]];
  if (part instanceof core.$ZodUnion) return part._zod.def.options.map((option): Located => ["", option]);
  if (part instanceof core.$ZodRecord)
    return [
      ["/*", part._zod.def.keyType],
      ["/*", part._zod.def.valueType],
    ];
  if (part instanceof core.$ZodIntersection)
    return [
      ["", part._zod.def.left],
      ["", part._zod.def.right],
    ];
  if (part instanceof core.$ZodTuple) {
    const { items, rest } = part._zod.def;
    return [
      ...items.map((item, index): Located => [`/${index}`, item]),
      ...(rest ? [["/*", rest] as const] : []),
    ];
  }
  if (!(part instanceof core.$ZodObject)) return [];
  const { shape, catchall } = part._zod.def;
  const fields = Object.entries(shape).map(([name, field]): Located => [pointerTo([name]), field]);
  return [...fields, ...(catchall ? [["/*", catchall] as const] : [])];
};

/**
 * What identifies a schema, so that one that contains itself is visited once. A lazy schema is identified by its
 * getter.
 */
export const identityOf = (part: Part): unknown =>
  part instanceof core.$ZodLazy ? part._zod.def.getter : part;
