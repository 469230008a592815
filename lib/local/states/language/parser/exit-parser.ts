/** The end of a state or a catcher: Output, Assign, and Next or End. */
import type { Exit } from "../definition.ts";
import { type Fields, fieldsOf, filled, refuse, stringOf } from "../fields.ts";
import type { Compile } from "../jsonata.ts";

/** The place of a part of a definition, for messages, and the compiler for its expressions. */
export type ParseContext = { readonly place: string; readonly compile: Compile };

/** `prefix` is the beginning of the names of fields in failures. */
export const exitOf = (fields: Fields, { place, compile }: ParseContext, prefix = ""): Exit => ({
  output: filled(fields.Output, (output) => compile(output, `${prefix}Output`)),
  assign: filled(fields.Assign, (assign) => {
    const names = Object.keys(fieldsOf(assign, `${place}: Assign`));
    const wrong = names.find((name) => name === "states" || !/^[\p{L}_][\p{L}\p{N}_]{0,79}$/u.test(name));
    if (wrong !== undefined) refuse(place, { Assign: wrong }, "this is not a valid name of a variable");
    return compile(assign, `${prefix}Assign`);
  }),
});

export const nextOf = (fields: Fields, place: string): string | undefined => {
  if (fields.End === true && fields.Next === undefined) return undefined;
  if (fields.End !== undefined && fields.End !== false)
    refuse(place, { End: fields.End }, "expected either Next or End");
  return stringOf(fields, "Next", place);
};
