/** The types of values. An expression checks a simple type; an object, array or tuple gets its own function. */
import * as core from "zod/v4/core";
import type { Part } from "../schema-parts.ts";
import { ofCustom } from "./checks.ts";
import { type Compiler, type Expression, never } from "./expression.ts";

const text = JSON.stringify;

const isAbsentAllowed = (part: Part): boolean =>
  part instanceof core.$ZodOptional && part._zod.optin === "optional" && part._zod.optout === "optional";

/** Every key of the value must be one of the fields, so the keys are counted. */
const ofObject = (compiler: Compiler, { _zod: { def } }: core.$ZodObject): string => {
  const { shape, catchall } = def;
  const isClosed = catchall === undefined || catchall instanceof core.$ZodNever;
  // A field with a name such as `constructor` seems to be present in every object.
  if (!isClosed || Object.keys(shape).some((name) => name in Object.prototype)) return "return false;";
  const fields = Object.entries(shape).map(([name, part], index) => {
    const field = `field${index}`;
    const counted = `if (!(${compiler.of(part)(field)})) return false; keys -= 1;`;
    const checked = isAbsentAllowed(part)
      ? `if (${field} !== undefined) { ${counted} }`
      : `if (${field} === undefined) return false; ${counted}`;
    return `const ${field} = value[${text(name)}]; ${checked}`;
  });
  return `if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    let keys = 0;
    for (const key in value) keys += 1;
    ${fields.join("\n    ")}
    return keys === 0;`;
};

const ofArray = (compiler: Compiler, { _zod: { def } }: core.$ZodArray): string =>
  `if (!Array.isArray(value)) return false;
    for (let index = 0; index < value.length; index += 1) {
      const element = value[index];
      if (!(${compiler.of(def.element)("element")})) return false;
    }
    return true;`;

const ofTuple = (compiler: Compiler, { _zod: { def } }: core.$ZodTuple): string => {
  const { items, rest } = def;
  if (rest) return "return false;";
  const least = items.findLastIndex((part) => !isAbsentAllowed(part)) + 1;
  const checks = items.map((part, index) => {
    const item = `item${index}`;
    const isAbsent = index < least ? "" : `value.length > ${index} && `;
    return `const ${item} = value[${index}]; if (${isAbsent}!(${compiler.of(part)(item)})) return false;`;
  });
  return `if (!Array.isArray(value) || value.length < ${least} || value.length > ${items.length}) return false;
    ${checks.join("\n    ")}
    return true;`;
};

/** The body of a function that checks `value`. Undefined if an expression is enough. */
export const bodyOf = (part: Part): ((compiler: Compiler) => string) | undefined => {
  if (part instanceof core.$ZodObject) return (compiler) => ofObject(compiler, part);
  if (part instanceof core.$ZodArray) return (compiler) => ofArray(compiler, part);
  return part instanceof core.$ZodTuple ? (compiler) => ofTuple(compiler, part) : undefined;
};

/** zod takes the first option that accepts the value, and only these options accept nothing but what they keep. */
const isExact = (part: Part): boolean =>
  part instanceof core.$ZodString ||
  part instanceof core.$ZodNumber ||
  part instanceof core.$ZodBoolean ||
  part instanceof core.$ZodNull ||
  part instanceof core.$ZodLiteral ||
  part instanceof core.$ZodEnum;

const ofUnion = (compiler: Compiler, union: core.$ZodUnion): Expression => {
  const { options } = union._zod.def;
  const isFirst = union instanceof core.$ZodDiscriminatedUnion || options.slice(0, -1).every(isExact);
  if (!isFirst) return never;
  const checks = options.map(compiler.of);
  return (value) => checks.map((check) => `(${check(value)})`).join(" || ");
};

const ofValues = ({ constant }: Compiler, values: ReadonlySet<unknown>): Expression => {
  const texts = [...values].filter((each) => typeof each === "string");
  if (texts.length === values.size)
    return (value) => texts.map((each) => `${value} === ${text(each)}`).join(" || ");
  const known = constant(values);
  return (value) => `${known}.has(${value})`;
};

export const ofType = (compiler: Compiler, part: Part): Expression => {
  if (part instanceof core.$ZodString) return (value) => `typeof ${value} === "string"`;
  if (part instanceof core.$ZodNumber) return (value) => `Number.isFinite(${value})`;
  if (part instanceof core.$ZodBoolean) return (value) => `typeof ${value} === "boolean"`;
  if (part instanceof core.$ZodUnion) return ofUnion(compiler, part);
  if (part instanceof core.$ZodNull) return (value) => `${value} === null`;
  if (part instanceof core.$ZodLiteral || part instanceof core.$ZodEnum)
    return ofValues(compiler, part._zod.values);
  if (part instanceof core.$ZodNullable) {
    const inner = compiler.of(part._zod.def.innerType);
    return (value) => `${value} === null || (${inner(value)})`;
  }
  if (part instanceof core.$ZodOptional || part instanceof core.$ZodDefault)
    return compiler.of(part._zod.def.innerType);
  return part instanceof core.$ZodCustom ? ofCustom(compiler, part) : never;
};
