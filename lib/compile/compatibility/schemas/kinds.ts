/** The kind of value that a schema accepts, and the alternatives of a schema. */
import { isSchema, type Schema } from "../../schemas/schemas.ts";

/** In JSON Schema, `true` accepts any value and `false` accepts none. */
export const asSchema = (part: unknown): Schema => {
  if (isSchema(part)) return part;
  return part === false ? { not: {} } : {};
};

/** Keywords that do not decide which values fit. */
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

/** The alternatives of `anyOf` and `oneOf`, of a list of types and of an enum of mixed types, also nested. */
export const alternativesOf = (schema: Schema): readonly Schema[] => {
  const { anyOf, oneOf, ...rest } = schema;
  const alternatives = anyOf ?? oneOf;
  if (!alternatives) return byType(schema);
  return alternatives.flatMap((each) => alternativesOf({ ...rest, ...asSchema(each) }));
};

/** Whether `to` accepts every kind of value that `from` accepts. */
export const fitsKind = (from: Schema, to: Schema): boolean => {
  const fitsType =
    to.type === undefined || from.type === to.type || (from.type === "integer" && to.type === "number");
  return fitsType && (to.format === undefined || from.format === to.format);
};

/** The fields with a constant value. They distinguish the objects of a union. */
const marksOf = ({ properties = {} }: Schema): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(properties).flatMap(([name, part]) =>
      isSchema(part) && part.const !== undefined ? [[name, JSON.stringify(part.const)]] : [],
    ),
  );

/** Whether two alternatives, of an earlier and a later schema, correspond to each other. */
export const areAlike = (from: Schema, to: Schema): boolean => {
  const marks = marksOf(to);
  const differs = [...marksOf(from)].some(([name, mark]) => marks.has(name) && marks.get(name) !== mark);
  return fitsKind(from, to) && !differs;
};

/** The text for an alternative: `null`, `"cash"`, `object with kind "card"`. */
export const labelOf = (schema: Schema): string => {
  const values = valuesOf(schema);
  if (values?.length === 1) return JSON.stringify(values[0]);
  const marks = [...marksOf(schema)].map(([name, mark]) => `${name} ${mark}`);
  return marks.length > 0 ? `${kindOf(schema)} with ${marks.join(" and ")}` : kindOf(schema);
};
