/** The parts that a schema of zod is made of. `z.core` would be in a bundle as a whole, so its module is imported itself. */
import * as core from "zod/v4/core";
import { pointerTo } from "./json-value.ts";

export type Part = core.$ZodType;

/** Values that are in the schema itself. */
export const valuesOf = (part: Part): readonly unknown[] => {
  if (part instanceof core.$ZodLiteral) return part._zod.def.values;
  return part instanceof core.$ZodEnum ? Object.values(part._zod.def.entries) : [];
};

/** Parts that say something of the value inside, and have its path. */
export const isWrapper = (part: Part) =>
  part instanceof core.$ZodOptional ||
  part instanceof core.$ZodNullable ||
  part instanceof core.$ZodNonOptional ||
  part instanceof core.$ZodReadonly ||
  part instanceof core.$ZodDefault ||
  part instanceof core.$ZodPrefault;

/** The part inside one that adds nothing to the path. */
export const innerOf = (part: Part): Part | undefined => {
  if (part instanceof core.$ZodLazy) return part._zod.def.getter();
  return isWrapper(part) || part instanceof core.$ZodCatch ? part._zod.def.innerType : undefined;
};

/** The path is a JSON pointer from the whole to the part; `*` is any element or any key. */
type Located = readonly [path: string, part: Part];

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

/** Schemas that contain themselves are looked at once on the way down; a lazy one is known by its getter. */
export const identityOf = (part: Part): unknown =>
  part instanceof core.$ZodLazy ? part._zod.def.getter : part;
