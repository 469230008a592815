/** What kind of value a schema takes, and its alternatives. */
import { isSchema, type Schema } from "../schemas/schemas.ts";

/** JSON Schema also has `true`, which takes anything, and `false`, which takes nothing. */
export const asSchema = (part: unknown): Schema => {
  if (isSchema(part)) return part;
  return part === false ? { not: {} } : {};
};

/** What does not decide which values fit. */
export const annotations: readonly string[] =
  "title description examples default deprecated readOnly writeOnly $schema $id $comment".split(" ");

export const takesAnything = (schema: Schema): boolean =>
  Object.keys(schema).every((keyword) => annotations.includes(keyword));

export const takesNothing = ({ not }: Schema): boolean => isSchema(not) && Object.keys(not).length === 0;

export const valuesOf = ({ enum: values, const: only }: Schema): readonly unknown[] | undefined =>
  only === undefined ? values : [only];

export const kindOf = ({ type, format }: Schema): string =>
  format ?? [type ?? "anything"].flat().join(" or ");

const types = ["boolean", "number", "string", "object"] as const;

const typeOf = (value: unknown): Schema["type"] => {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return types.find((type) => type === typeof value);
};

const byType = (schema: Schema): readonly Schema[] => {
  if (Array.isArray(schema.type)) return schema.type.map((type) => ({ ...schema, type }));
  const values = schema.enum;
  if (schema.type !== undefined || !values) return [schema];
  return values.map((value) => ({ ...schema, type: typeOf(value), enum: [value] }));
};

/** `type: ["string", "null"]` and `enum: [1, "a"]` are alternatives as well as `anyOf`, also within each other. */
export const alternativesOf = (schema: Schema): readonly Schema[] => {
  const { anyOf, oneOf, ...rest } = schema;
  const alternatives = anyOf ?? oneOf;
  if (!alternatives) return byType(schema);
  return alternatives.flatMap((each) => alternativesOf({ ...rest, ...asSchema(each) }));
};

/** Whether every kind of value that `from` takes is one that `to` takes. */
export const fitsKind = (from: Schema, to: Schema): boolean => {
  const fitsType =
    to.type === undefined || from.type === to.type || (from.type === "integer" && to.type === "number");
  return fitsType && (to.format === undefined || from.format === to.format);
};

/** The fields that have one value each: they tell the objects of a union from each other. */
const marksOf = ({ properties = {} }: Schema): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(properties).flatMap(([name, part]) =>
      isSchema(part) && part.const !== undefined ? [[name, JSON.stringify(part.const)]] : [],
    ),
  );

/** Whether two alternatives are meant to be the same one. */
export const areAlike = (from: Schema, to: Schema): boolean => {
  const marks = marksOf(to);
  const differs = [...marksOf(from)].some(([name, mark]) => marks.has(name) && marks.get(name) !== mark);
  return fitsKind(from, to) && !differs;
};

/** An alternative in words: `null`, `"cash"`, `object with kind "card"`. */
export const labelOf = (schema: Schema): string => {
  const values = valuesOf(schema);
  if (values?.length === 1) return JSON.stringify(values[0]);
  const marks = [...marksOf(schema)].map(([name, mark]) => `${name} ${mark}`);
  return marks.length > 0 ? `${kindOf(schema)} with ${marks.join(" and ")}` : kindOf(schema);
};
