/** Reads the fields of a JSON object of a template. A field that is not valid is refused, and the error names it. */
export type Fields = Readonly<Record<string, unknown>>;

/** Throws an error with the place, the field and its value. */
export const refuse = (
  place: string,
  given: Readonly<Record<string, unknown>>,
  why = "this does not run here",
): never => {
  const shown = Object.entries(given).map(([field, value]) => `${field} ${JSON.stringify(value)}`);
  throw new Error(`${place}: ${shown.join(", ")}: ${why}`);
};

/** The members of an object. If `known` is given, other members are refused. */
export const fieldsOf = (value: unknown, place: string, known?: readonly string[]): Fields => {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`${place}: expected an object, got ${JSON.stringify(value)}`);
  const fields = Object.fromEntries(Object.entries(value));
  for (const [field, member] of Object.entries(fields))
    if (known && !known.includes(field)) refuse(place, { [field]: member });
  return fields;
};

export const stringOf = (fields: Fields, field: string, place: string): string => {
  const value = fields[field];
  return typeof value === "string" && value !== ""
    ? value
    : refuse(place, { [field]: value }, "expected a string");
};

export const stringsOf = (fields: Fields, field: string, place: string): readonly string[] => {
  const texts = listOf(fields, field, place).filter((item) => typeof item === "string");
  if (texts.length === 0 || texts.length < listOf(fields, field, place).length)
    refuse(place, { [field]: fields[field] }, "expected a list of strings");
  return texts;
};

export const listOf = (fields: Fields, field: string, place: string): readonly unknown[] => {
  const value = fields[field] ?? [];
  return Array.isArray(value) ? value : refuse(place, { [field]: value }, "expected a list");
};

type NumberField = {
  readonly field: string;
  readonly from: number;
  readonly to: number;
  readonly otherwise: number;
  readonly fractions?: boolean;
};

export const numberIn = (fields: Fields, place: string, wanted: NumberField): number => {
  const { field, from, to } = wanted;
  const value = fields[field];
  if (value === undefined) return wanted.otherwise;
  const fits = typeof value === "number" && value >= from && value <= to;
  if (fits && (wanted.fractions || Number.isInteger(value))) return value;
  return refuse(place, { [field]: value }, `expected a number from ${from} to ${to}`);
};

export const filled = <Value>(value: unknown, make: (value: unknown) => Value): Value | undefined =>
  value === undefined ? undefined : make(value);
