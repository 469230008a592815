/**
 * The messages for values that do not fit a schema, instead of zod's: what was expected, and what came. A message
 * that the schema itself has comes first. To add a case, add a row.
 */
import type * as z from "zod";
import { pointerTo } from "./json-value.ts";

type Issue = z.core.$ZodRawIssue;

/** The names of zod's types, in words. */
const types: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
};

const named = (type: string): string => types[type] ?? type;

/** The kind of the value that came. Its content is not shown, because it may be long or secret. */
const kindOf = (input: unknown): string => {
  if (input === null) return "null";
  if (Array.isArray(input)) return "a list";
  if (typeof input === "number") return `${input}`;
  if (typeof input === "boolean") return `${input}`;
  return named(typeof input);
};

const listed = (values: readonly unknown[]): string => values.map((value) => `${value}`).join(", ");

/** A limit with its unit. */
const sized = (origin: string, limit: unknown): string => {
  const one = Number(limit) === 1;
  if (origin === "string") return `${limit} ${one ? "character" : "characters"}`;
  if (["array", "set", "tuple"].includes(origin)) return `${limit} ${one ? "item" : "items"}`;
  return `${limit}`;
};

/** `at most 5`, or `less than 5` if the limit itself is excluded. */
const bound = (
  { origin, inclusive = true }: { readonly origin: string; readonly inclusive?: boolean },
  limit: unknown,
  [included, excluded]: readonly [string, string],
): string =>
  `must ${origin === "array" || origin === "string" ? "have" : "be"} ${inclusive ? included : excluded} ${sized(origin, limit)}`;

/** Formats whose name in zod is not the usual word. */
const formats: Readonly<Record<string, string>> = {
  email: "an e-mail address",
  url: "a URL",
  uuid: "a UUID",
  guid: "a UUID",
  date: "a date like 2026-01-31",
  datetime: "a time like 2026-01-31T12:00:00Z",
  time: "a time of day like 12:00:00",
  duration: "a duration like P3D",
};

const formatted = (format: string, pattern: unknown): string => {
  if (format === "regex") return `must match ${String(pattern)}`;
  return `must be ${formats[format] ?? `in the format ${format}`}`;
};

/** The message for an issue, or undefined to use zod's own. */
const messageOf = (issue: Issue): string | undefined => {
  switch (issue.code) {
    case "invalid_type": {
      const expected = named(issue.expected);
      return issue.input === undefined
        ? `is missing: must be ${expected}`
        : `must be ${expected}, not ${kindOf(issue.input)}`;
    }
    case "too_small":
      return bound(issue, issue.minimum, ["at least", "more than"]);
    case "too_big":
      return bound(issue, issue.maximum, ["at most", "less than"]);
    case "invalid_format":
      return formatted(issue.format, issue.pattern);
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "unrecognized_keys":
      return `unknown field ${listed(issue.keys)}`;
    case "invalid_value":
      return issue.input === undefined
        ? `is missing: must be ${issue.values.length === 1 ? "" : "one of "}${listed(issue.values)}`
        : `must be ${issue.values.length === 1 ? "" : "one of "}${listed(issue.values)}`;
    case "invalid_union":
      return issue.input === undefined ? "is missing" : "must fit one of the allowed forms";
    case "invalid_key":
      return "must not have a field with this name";
    case "invalid_element":
      return "must not have this element";
    default:
      return undefined;
  }
};

/** The first fault that zod found: a JSON pointer, empty for the value as a whole, and what the value must be. */
export const firstFault = ({ issues: [issue] }: z.core.$ZodError) => ({
  field: pointerTo(issue?.path ?? []),
  because: issue?.message ?? "it does not fit its schema",
});

/** Pass it to `parse` and `safeParse` of every schema whose messages people read. */
export const wording = { error: messageOf } satisfies z.core.ParseContext<z.core.$ZodIssue>;
