/** What `refine`, `regex`, `min` and their like add to a schema. */
import * as core from "zod/v4/core";
import { type Compiler, type Expression, never } from "./expression.ts";

/** The formats that zod checks with their pattern alone. */
const patternFormats = new Set(["regex", "email", "uuid", "datetime", "date", "starts_with", "ends_with"]);

/** A pattern for ids, `^[a-z-]{1,64}$`: some characters of ASCII, and their number. */
const characters = /^\^\[([\w.:/ -]+)\]\{(\d+),(\d+)\}\$$/;

/** Ids are in most events, and a loop takes half of the time of their pattern. */
const loopOf = ([, allowed, least, most]: RegExpExecArray): ((text: string) => boolean) => {
  const one = new RegExp(`[${allowed}]`);
  const isAllowed = Uint8Array.from({ length: 128 }, (_, code) =>
    Number(one.test(String.fromCharCode(code))),
  );
  const [min, max] = [Number(least), Number(most)];
  return (text) => {
    if (text.length < min || text.length > max) return false;
    for (let at = 0; at < text.length; at += 1) if (isAllowed[text.charCodeAt(at)] !== 1) return false;
    return true;
  };
};

const ofPattern = ({ constant }: Compiler, format: string, pattern: RegExp | undefined): Expression => {
  if (!pattern || !patternFormats.has(format)) return never;
  // A pattern with one of these flags has a state.
  if (pattern.global || pattern.sticky) return never;
  const ofCharacters = pattern.flags === "" ? characters.exec(pattern.source) : null;
  const test = ofCharacters ? constant(loopOf(ofCharacters)) : `${constant(pattern)}.test`;
  return (value) => `typeof ${value} === "string" && ${test}(${value})`;
};

const ofLength =
  (comparison: string): Expression =>
  (value) =>
    `(typeof ${value} === "string" || Array.isArray(${value})) && ${value}.length ${comparison}`;

const ofLimit = (operator: string, limit: unknown): Expression =>
  typeof limit === "number"
    ? (value) => `typeof ${value} === "number" && ${value} ${operator} ${limit}`
    : never;

export const ofCustom = ({ constant }: Compiler, { _zod: { def } }: core.$ZodCustom): Expression => {
  if (def.when) return never;
  const test = constant(def.fn);
  return (value) => `${test}(${value}) === true`;
};

export const ofCheck = (compiler: Compiler, check: core.$ZodCheck): Expression => {
  if (check instanceof core.$ZodCheckStringFormat) {
    const { format, pattern } = check._zod.def;
    return ofPattern(compiler, format, pattern);
  }
  if (check instanceof core.$ZodCheckMinLength) return ofLength(`>= ${check._zod.def.minimum}`);
  if (check instanceof core.$ZodCheckMaxLength) return ofLength(`<= ${check._zod.def.maximum}`);
  if (check instanceof core.$ZodCheckGreaterThan)
    return ofLimit(check._zod.def.inclusive ? ">=" : ">", check._zod.def.value);
  if (check instanceof core.$ZodCheckLessThan)
    return ofLimit(check._zod.def.inclusive ? "<=" : "<", check._zod.def.value);
  if (check instanceof core.$ZodCheckNumberFormat)
    return check._zod.def.format === "safeint" ? (value) => `Number.isSafeInteger(${value})` : never;
  return check instanceof core.$ZodCustom ? ofCustom(compiler, check) : never;
};
