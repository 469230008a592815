/**
 * Parsed JSON that keeps its text, so that a value that only passes through is not serialized again. Do not modify
 * values that are parsed here.
 */
const texts = new WeakMap<object, string>();

export const parseJson = (text: string): unknown => {
  const value: unknown = JSON.parse(text);
  if (typeof value === "object" && value !== null) texts.set(value, text);
  return value;
};

export const jsonOf = (value: unknown): string => {
  const known = typeof value === "object" && value !== null ? texts.get(value) : undefined;
  return known ?? JSON.stringify(value ?? {});
};
