/**
 * A fast check whether a schema keeps a value exactly as it is. It is compiled once per schema and makes no copy of
 * the value, so it takes a fraction of the time that zod takes. It knows the common parts of schemas. If it cannot
 * be sure, it answers false, and the caller asks the schema.
 */
import * as core from "zod/v4/core";
import { onceFor } from "../once-for.ts";
import type { Part } from "./schema-parts.ts";

type Check = (value: unknown) => boolean;

const never: Check = () => false;

const both =
  (one: Check, other: Check): Check =>
  (value) =>
    one(value) && other(value);

/** The formats that zod checks with their pattern alone. */
const patternFormats = new Set(["regex", "email", "uuid", "datetime", "date", "starts_with", "ends_with"]);

const ofPattern = (format: string, pattern: RegExp | undefined): Check => {
  if (!pattern || !patternFormats.has(format)) return never;
  // A pattern with one of these flags has a state.
  if (pattern.global || pattern.sticky) return never;
  return (value) => typeof value === "string" && pattern.test(value);
};

const lengthOf = (value: unknown): number =>
  typeof value === "string" || Array.isArray(value) ? value.length : Number.NaN;

const ofNumber =
  (holds: (value: number) => boolean): Check =>
  (value) =>
    typeof value === "number" && holds(value);

/** What `refine`, `regex`, `min` and their like add to a schema. */
const ofCheck = (check: core.$ZodCheck): Check => {
  if (check instanceof core.$ZodCheckStringFormat) {
    const { format, pattern } = check._zod.def;
    return ofPattern(format, pattern);
  }
  if (check instanceof core.$ZodCheckMinLength) {
    const { minimum } = check._zod.def;
    return (value) => lengthOf(value) >= minimum;
  }
  if (check instanceof core.$ZodCheckMaxLength) {
    const { maximum } = check._zod.def;
    return (value) => lengthOf(value) <= maximum;
  }
  if (check instanceof core.$ZodCheckGreaterThan) {
    const { value: limit, inclusive } = check._zod.def;
    return typeof limit === "number"
      ? ofNumber((value) => (inclusive ? value >= limit : value > limit))
      : never;
  }
  if (check instanceof core.$ZodCheckLessThan) {
    const { value: limit, inclusive } = check._zod.def;
    return typeof limit === "number"
      ? ofNumber((value) => (inclusive ? value <= limit : value < limit))
      : never;
  }
  if (check instanceof core.$ZodCheckNumberFormat)
    return check._zod.def.format === "safeint" ? (value) => Number.isSafeInteger(value) : never;
  if (check instanceof core.$ZodCustom) return ofCustom(check);
  return never;
};

const ofCustom = ({ _zod: { def } }: core.$ZodCustom): Check =>
  def.when ? never : (value) => def.fn(value) === true;

const isAbsentAllowed = (part: Part): boolean =>
  part instanceof core.$ZodOptional && part._zod.optin === "optional" && part._zod.optout === "optional";

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const ofObject = ({ _zod: { def } }: core.$ZodObject): Check => {
  const { shape, catchall } = def;
  if ((catchall && !(catchall instanceof core.$ZodNever)) || Object.hasOwn(shape, "__proto__")) return never;
  const fields = Object.entries(shape).map(([name, part], index) => ({
    name,
    check: fits(part),
    isRequired: !isAbsentAllowed(part),
    next: index + 1,
  }));
  const byName = new Map(fields.map((field) => [field.name, field]));
  const required = fields.filter(({ isRequired }) => isRequired).length;
  return (value) => {
    if (!isObject(value)) return false;
    let missing = required;
    let next = 0;
    for (const name in value) {
      // Most values have their fields in the order of the schema, and need no look-up by name.
      const likely = fields[next];
      const field = likely?.name === name ? likely : byName.get(name);
      const each = value[name];
      if (field === undefined || each === undefined || !field.check(each)) return false;
      if (field.isRequired) missing -= 1;
      next = field.next;
    }
    return missing === 0;
  };
};

const ofArray =
  (element: Check): Check =>
  (value) => {
    if (!Array.isArray(value)) return false;
    for (const each of value) if (!element(each)) return false;
    return true;
  };

const ofTuple = ({ _zod: { def } }: core.$ZodTuple): Check => {
  if (def.rest) return never;
  const items = def.items.map(fits);
  const least = def.items.findLastIndex((part) => !isAbsentAllowed(part)) + 1;
  return (value) => {
    if (!Array.isArray(value) || value.length < least || value.length > items.length) return false;
    // An iterator with indexes takes several times as long.
    for (let index = 0; index < value.length; index += 1) if (!items[index]?.(value[index])) return false;
    return true;
  };
};

/** zod takes the first option that accepts the value, and only these options accept nothing but what they keep. */
const isExact = (part: Part): boolean =>
  part instanceof core.$ZodString ||
  part instanceof core.$ZodNumber ||
  part instanceof core.$ZodBoolean ||
  part instanceof core.$ZodNull ||
  part instanceof core.$ZodLiteral ||
  part instanceof core.$ZodEnum;

const ofUnion = (union: core.$ZodUnion): Check => {
  const { options } = union._zod.def;
  const isFirst = union instanceof core.$ZodDiscriminatedUnion || options.slice(0, -1).every(isExact);
  if (!isFirst) return never;
  const checks = options.map(fits);
  return (value) => checks.some((check) => check(value));
};

const ofType = (part: Part): Check => {
  if (part instanceof core.$ZodObject) return ofObject(part);
  if (part instanceof core.$ZodString) return (value) => typeof value === "string";
  if (part instanceof core.$ZodNumber) return Number.isFinite;
  if (part instanceof core.$ZodBoolean) return (value) => typeof value === "boolean";
  if (part instanceof core.$ZodArray) return ofArray(fits(part._zod.def.element));
  if (part instanceof core.$ZodTuple) return ofTuple(part);
  if (part instanceof core.$ZodUnion) return ofUnion(part);
  if (part instanceof core.$ZodNull) return (value) => value === null;
  if (part instanceof core.$ZodLiteral || part instanceof core.$ZodEnum) {
    const values: ReadonlySet<unknown> = part._zod.values;
    return (value) => values.has(value);
  }
  if (part instanceof core.$ZodNullable) {
    const inner = fits(part._zod.def.innerType);
    return (value) => value === null || inner(value);
  }
  if (part instanceof core.$ZodOptional || part instanceof core.$ZodDefault)
    return fits(part._zod.def.innerType);
  if (part instanceof core.$ZodCustom) return ofCustom(part);
  return never;
};

/** Whether the schema keeps this value exactly as it is. False if the check cannot be sure. */
export const fits: (part: Part) => Check = onceFor((part: Part): Check => {
  const own = part instanceof core.$ZodCheck ? [ofCheck(part)] : [];
  const checks = (part._zod.def.checks ?? []).map(ofCheck);
  return [...own, ...checks].reduce(both, ofType(part));
});
