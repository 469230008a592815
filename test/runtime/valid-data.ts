/**
 * Data that matches a schema as far as its JSON Schema says. A refinement may still refuse a few values. To support
 * another keyword, add a case.
 */
import * as fc from "fast-check";
import * as z from "zod";

type JsonSchema = z.core.JSONSchema.BaseSchema;
type Part = JsonSchema | boolean | undefined;

/** Texts for patterns that cannot be generated from the pattern. */
const samples = [
  "10248",
  "Some words",
  "a@example.com",
  "2026-01-31",
  "2026-01-31T12:00:00+01:00",
  "2026-01-31T12:00:00Z",
];

const matching = (pattern: string): fc.Arbitrary<string> => {
  const rule = new RegExp(pattern, "u");
  try {
    return fc.stringMatching(rule);
  } catch {
    return fc.constantFrom(...samples.filter((sample) => rule.test(sample)));
  }
};

const textOf = ({ pattern, format, minLength, maxLength }: JsonSchema): fc.Arbitrary<string> => {
  if (pattern === undefined) return fc.string({ minLength, maxLength: Math.min(maxLength ?? 20, 20) });
  if (format === undefined) return matching(pattern);
  return fc.constantFrom(...samples.filter((sample) => new RegExp(pattern, "u").test(sample)));
};

/** Small ones: their sums are safe integers too. */
const integerOf = ({ minimum = -1000, exclusiveMinimum, maximum = 1000 }: JsonSchema) => {
  const min = typeof exclusiveMinimum === "number" ? exclusiveMinimum + 1 : minimum;
  return fc.integer({ min: Math.max(min, -1000), max: Math.min(maximum, 1000) });
};

const objectOf = ({ properties = {}, required = [] }: JsonSchema): fc.Arbitrary<unknown> =>
  fc.record(Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, dataOf(part)])), {
    requiredKeys: [...required],
  });

const arrayOf = ({ items, minItems = 0, maxItems = 4 }: JsonSchema): fc.Arbitrary<unknown> =>
  fc.array(dataOf(Array.isArray(items) ? items[0] : items), {
    minLength: minItems,
    maxLength: Math.max(minItems, Math.min(maxItems, 4)),
  });

const dataOf = (part: Part): fc.Arbitrary<unknown> => {
  if (typeof part !== "object") return fc.jsonValue();
  const alternatives = part.anyOf ?? part.oneOf;
  if (alternatives) return fc.oneof(...alternatives.map(dataOf));
  if (part.const !== undefined) return fc.constant(part.const);
  if (part.enum) return fc.constantFrom(...part.enum);
  switch (part.type) {
    case "object":
      return objectOf(part);
    case "array":
      return arrayOf(part);
    case "string":
      return textOf(part);
    case "integer":
      return integerOf(part);
    case "number":
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return fc.jsonValue();
  }
};

export const validData = (schema: z.ZodType): fc.Arbitrary<unknown> =>
  dataOf(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
