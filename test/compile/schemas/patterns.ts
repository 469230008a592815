/** The distinct values of `pattern` in a document. */
export const patternsIn = (part: unknown): readonly string[] => {
  if (typeof part !== "object" || part === null) return [];
  const found = Object.entries(part).flatMap(([name, value]: [string, unknown]) =>
    name === "pattern" && typeof value === "string" ? [value] : patternsIn(value),
  );
  return [...new Set(found)];
};
