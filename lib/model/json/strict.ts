/**
 * A schema that refuses undeclared fields at any depth. So one parse finds invalid values and unknown fields. To
 * compare the data before and after a parse would not work, because a transform may rename, remove and add fields.
 */
import * as z from "zod";
import * as core from "zod/v4/core";
import { onceFor } from "../once-for.ts";
import { isWrapper, type Part } from "./schema-parts.ts";

/**
 * A copy of a schema with some properties replaced, and with the same checks. Getters of the definition stay
 * getters, because a default may be a function.
 */
const like = <P extends Part>(part: P, change: object): P => {
  const descriptors = {
    ...Object.getOwnPropertyDescriptors(part._zod.def),
    ...Object.getOwnPropertyDescriptors(change),
  };
  return core.clone(part, Object.create(Object.prototype, descriptors));
};

/** Each field is made when it is first needed, because a schema may contain itself. */
const fieldsOf = (shape: Readonly<Record<string, Part>>): object => {
  const fields = {};
  for (const name of Object.keys(shape))
    Object.defineProperty(fields, name, {
      get: () => {
        const field = shape[name];
        return field && strictPart(field);
      },
      enumerable: true,
      configurable: true,
    });
  return fields;
};

/** Only the input is strict, because the sender does not make the value that a transform passes on. */
const pipe = (part: core.$ZodPipe): Part => {
  const { in: first, out } = part._zod.def;
  return first instanceof core.$ZodTransform
    ? like(part, { out: strictPart(out) })
    : like(part, { in: strictPart(first) });
};

/** An object with a catchall declares which other fields it accepts, so it stays as it is. */
const strictObject = <P extends core.$ZodObject>(part: P): P => {
  const { shape, catchall = z.never() } = part._zod.def;
  return like(part, { shape: fieldsOf(shape), catchall });
};

const strictly = (part: Part): Part => {
  if (part instanceof core.$ZodObject) return strictObject(part);
  if (part instanceof core.$ZodArray) return like(part, { element: strictPart(part._zod.def.element) });
  if (part instanceof core.$ZodUnion) return like(part, { options: part._zod.def.options.map(strictPart) });
  if (part instanceof core.$ZodRecord) return like(part, { valueType: strictPart(part._zod.def.valueType) });
  if (part instanceof core.$ZodTuple) {
    const { items, rest } = part._zod.def;
    return like(part, { items: items.map(strictPart), rest: rest && strictPart(rest) });
  }
  if (part instanceof core.$ZodIntersection)
    return like(part, { left: strictPart(part._zod.def.left), right: strictPart(part._zod.def.right) });
  if (part instanceof core.$ZodLazy)
    // zod caches the result of the getter in the definition.
    return like(part, { getter: () => strictPart(part._zod.def.getter()), _cachedInner: undefined });
  if (part instanceof core.$ZodPipe) return pipe(part);
  if (isWrapper(part)) return like(part, { innerType: strictPart(part._zod.def.innerType) });
  return part;
};

const strictPart = onceFor(strictly);

/** The strict schema of a schema. Cached, because to make a schema takes longer than to check with it. */
export const strict = onceFor((schema: z.ZodObject): z.ZodObject => strictObject(schema));
