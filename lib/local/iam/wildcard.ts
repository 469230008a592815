/** Patterns in IAM policies. `*` matches any text, and `?` matches any one character. */

const compiled = new Map<string, RegExp>();

export const matchesWildcard = (pattern: string, text: string): boolean => {
  if (pattern === "*" || pattern === text) return true;
  let expression = compiled.get(pattern);
  if (!expression) {
    const source = pattern
      .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    expression = new RegExp(`^${source}$`, "s");
    compiled.set(pattern, expression);
  }
  return expression.test(text);
};
