/** The command line of `eventfold compat`. */

import { argumentsIn } from "../command-line/arguments.ts";
import { commonOptions } from "../command-line.ts";
import { helpText } from "../help/help.ts";
import { compatHelp } from "../help/running.ts";

export type Comparison = {
  readonly kind: "compare";
  /** A file or a revision of git. */
  readonly against: string | undefined;
  readonly all: boolean;
  readonly require: boolean;
  readonly strict: boolean;
};

export type Usage =
  | { readonly kind: "help" }
  | Comparison
  | { readonly kind: "write"; readonly file: string }
  | { readonly kind: "wrong"; readonly because: string };

export const help = helpText(compatHelp);

const wrong = (because: string): Usage => ({ kind: "wrong", because });

const optionsIn = (argv: readonly string[]) =>
  argumentsIn({
    args: [...argv],
    options: {
      against: { type: "string" },
      write: { type: "string" },
      all: { type: "boolean", default: false },
      require: { type: "boolean", default: false },
      strict: { type: "boolean", default: false },
      ...commonOptions,
    },
  }).values;

/** Refuses unknown options and combinations. */
export const usage = (argv: readonly string[]): Usage => {
  let given: ReturnType<typeof optionsIn>;
  try {
    given = optionsIn(argv);
  } catch (error) {
    return wrong(error instanceof Error ? error.message : `${error}`);
  }
  const { against, write, all, require, strict, help: asksHelp } = given;
  if (asksHelp) return { kind: "help" };
  if (against === "" || write === "")
    return wrong(
      against === ""
        ? "--against: expected a file or a revision, got none"
        : "--write: expected a file, got none",
    );
  if (against !== undefined && write !== undefined)
    return wrong("--against compares, --write only writes: use one of them");
  if (write !== undefined) return { kind: "write", file: write };
  return { kind: "compare", against, all, require, strict };
};
