/**
 * JSON that is read on its way through keeps its text, so that it need not be written anew. Values parsed here
 * must not be changed.
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
