/**
 * A value that fits a schema, always the same one: the schema's own example if it has one, otherwise the simplest allowed
 * value. It is for people; a rule that JSON Schema cannot express may still refuse it.
 */
import type { Schema } from "./schemas.ts";

type Part = Schema | boolean | undefined;

/** To cover another format, add a row. */
const texts: Readonly<Record<string, string>> = {
  date: "2026-01-31",
  "date-time": "2026-01-31T12:00:00Z",
  email: "ada@example.com",
  uri: "https://example.com",
  uuid: "0b9c2b1e-4f5a-4c1e-8a53-6f0f3c1d2e4a",
};

/** In the order of preference: `book-1` for the field `bookId`, for other fields their name, then short texts. */
const candidatesFor = (name: string): readonly string[] => {
  const [, what] = /^(\w+)Id$/.exec(name) ?? [];
  const kebab = what?.replaceAll(/(?<=[a-z0-9])[A-Z]/g, "-$&").toLowerCase();
  return kebab === undefined ? [name, "1", "a", "A"] : [`${kebab}-1`, "1", "a", "A", name];
};

/** The first candidate that fits pattern and length. */
const textOf = ({ format, pattern, minLength = 0, maxLength }: Schema, name: string): string => {
  const known = format === undefined ? undefined : texts[format];
  if (known !== undefined) return known;
  const fits = (text: string) => pattern === undefined || new RegExp(pattern, "u").test(text);
  const candidates = candidatesFor(name).map((text) => text.padEnd(minLength, "x").slice(0, maxLength));
  return candidates.find(fits) ?? name;
};

const numberOf = ({ minimum, exclusiveMinimum }: Schema): number =>
  exclusiveMinimum === undefined ? Math.max(minimum ?? 1, 1) : Math.max(Number(exclusiveMinimum) + 1, 1);

const objectOf = ({ properties = {} }: Schema): unknown =>
  Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, exampleOf(part, name)]));

const itemOf = ({ items }: Schema): Part => (Array.isArray(items) ? items[0] : items);

export const exampleOf = (part: Part, name = "text"): unknown => {
  if (typeof part !== "object") return null;
  const own = part.examples?.[0] ?? part.const ?? part.enum?.[0] ?? part.default;
  if (own !== undefined) return own;
  const [alternative] = part.anyOf ?? part.oneOf ?? [];
  if (alternative !== undefined) return exampleOf(alternative, name);
  switch ([part.type].flat()[0]) {
    case "object":
      return objectOf(part);
    case "array":
      return [exampleOf(itemOf(part), name)];
    case "string":
      return textOf(part, name);
    case "integer":
    case "number":
      return numberOf(part);
    case "boolean":
      return true;
    default:
      return null;
  }
};
