/**
 * Defaults that are no longer the same. They do not decide which values fit, but a stored event without the field is read
 * with another value.
 */
import { isSchema, type Schema } from "../../schemas/schemas.ts";
import { asSchema } from "./kinds.ts";

const ofField = (path: string, was: Schema, is: Schema): readonly string[] => {
  if (was.default === undefined) return [];
  const [before, after] = [was, is].map((schema) => JSON.stringify(schema.default));
  if (before === after) return [];
  return [`${path} had the default ${before} and has ${after === undefined ? "none" : after}`];
};

/** A field that is required now is not compared, because another rule refuses it. */
export const changedDefaults = (was: Schema, is: Schema, path = ""): readonly string[] => {
  const fields = Object.entries(was.properties ?? {}).flatMap(([name, before]) => {
    const after = is.properties?.[name];
    if (after === undefined) return [];
    const place = path === "" ? name : `${path}.${name}`;
    const [one, other] = [asSchema(before), asSchema(after)];
    const own = is.required?.includes(name) ? [] : ofField(place, one, other);
    return [...own, ...changedDefaults(one, other, place)];
  });
  if (!isSchema(was.items) || !isSchema(is.items)) return fields;
  return [...fields, ...changedDefaults(was.items, is.items, `${path}[]`)];
};
