/** The command line of `eventfold compat`. */

import { argumentsIn } from "../command-line/arguments.ts";
import { commonOptions } from "../command-line.ts";
import { helpText } from "../help/help.ts";
import { compatHelp } from "../help/running.ts";

export type Usage =
  | { readonly kind: "help" }
  | { readonly kind: "compare"; readonly file: string | undefined }
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
  const { against, write, help: asksHelp } = given;
  if (asksHelp) return { kind: "help" };
  if (against === "" || write === "")
    return wrong(`${against === "" ? "--against" : "--write"}: expected a file, got none`);
  if (against !== undefined && write !== undefined)
    return wrong("--against compares, --write only writes: use one of them");
  return write === undefined ? { kind: "compare", file: against } : { kind: "write", file: write };
};
