/**
 * A fast check whether a schema keeps a value exactly as it is. It is compiled to JavaScript once per schema, as zod does
 * for objects, and makes no copy of the value, so it takes a fraction of the time that zod takes. It knows the common
 * parts of schemas. If it cannot be sure, it answers false, and the caller asks the schema.
 */
import * as core from "zod/v4/core";
import { onceFor } from "../../once-for.ts";
import type { Part } from "../schema-parts.ts";
import { ofCheck } from "./checks.ts";
import type { Compiler, Expression } from "./expression.ts";
import { bodyOf, ofType } from "./types.ts";

type Check = (value: unknown) => boolean;

const compiled = (root: Part): Check => {
  const constants: unknown[] = [];
  const functions = new Map<Part, { readonly name: string; body: string }>();

  /** A schema that contains itself calls its own function. */
  const call = (part: Part, bodyIn: (compiler: Compiler) => string): Expression => {
    const known = functions.get(part);
    const own = known ?? { name: `check${functions.size}`, body: "" };
    functions.set(part, own);
    if (!known) own.body = bodyIn(compiler);
    return (value) => `${own.name}(${value})`;
  };

  const ofPart = (part: Part): Expression => {
    const bodyIn = bodyOf(part);
    const type = bodyIn ? call(part, bodyIn) : ofType(compiler, part);
    const own = part instanceof core.$ZodCheck ? [part] : [];
    const checks = [...own, ...(part._zod.def.checks ?? [])].map((check) => ofCheck(compiler, check));
    if (checks.length === 0) return type;
    return (value) => [type, ...checks].map((each) => `(${each(value)})`).join(" && ");
  };

  const compiler: Compiler = {
    constant: (value) => `constant${constants.push(value) - 1}`,
    of: ofPart,
  };

  const check = ofPart(root)("value");
  const result = check === "check0(value)" ? "check0" : `(value) => ${check}`;
  const declared = [...functions.values()].map(({ name, body }) => `const ${name} = (value) => {${body}};`);
  const names = constants.map((_, index) => `constant${index}`);
  return new Function(...names, [...declared, `return ${result};`].join("\n"))(...constants);
};

/**
 * Whether the schema keeps this value exactly as it is. False if the check cannot be sure. A process may forbid
 * compiled text, and then the check is never sure.
 */
export const fits: (part: Part) => Check = onceFor((part) =>
  core.util.allowsEval.value ? compiled(part) : () => false,
);
