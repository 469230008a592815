/** The parts of a compiled check. */
import type { Part } from "../schema-parts.ts";

/** The text of a JavaScript expression about the value with this name. It is true if the value fits. */
export type Expression = (name: string) => string;

/** The check cannot be sure about any value. */
export const never: Expression = () => "false";

/** What an expression needs besides its own text. */
export type Compiler = {
  /** The name of a value that text cannot express, such as a pattern or a function. */
  readonly constant: (value: unknown) => string;
  /** The check of a part of the schema. */
  readonly of: (part: Part) => Expression;
};
