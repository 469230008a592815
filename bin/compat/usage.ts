/** What may be asked on the command line of `npm run compat`. */
import { parseArgs } from "node:util";
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
  parseArgs({
    args: [...argv],
    options: {
      against: { type: "string" },
      write: { type: "string" },
      ...commonOptions,
    },
  }).values;

/** What is wrong is said; nothing is guessed. */
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
    return wrong(`${against === "" ? "--against" : "--write"} needs a file`);
  if (against !== undefined && write !== undefined)
    return wrong("--against compares, --write compares nothing: give one of them");
  return write === undefined ? { kind: "compare", file: against } : { kind: "write", file: write };
};
