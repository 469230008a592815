/** What may be asked on the command line of `npm run compat`. */
import { parseArgs } from "node:util";
import { commonOptions } from "../command-line.ts";

export type Usage =
  | { readonly kind: "help" }
  | { readonly kind: "compare"; readonly file: string | undefined }
  | { readonly kind: "write"; readonly file: string }
  | { readonly kind: "wrong"; readonly because: string };

export const help = `eventfold compat [options]        here: npm run compat -- [options]

Compares the schemas of events and commands with an earlier docs/contract.json. Names each breaking change and whom it
breaks: "writers" send what is now refused, "readers" get events that they never had to expect, "stored events" no
longer fit their schema.
It takes the contract of the last tag. Without a tag it takes that of the commit at which this branch left the
default branch, or of the parent of HEAD. It never takes the file in the work tree. The output names the one it took.

Exit code 0: nothing breaks, or there is nothing to compare with. 1: something breaks. 2: called in a wrong way.

  --against FILE    compares with this file instead
  --write FILE      writes the contract of today, for --against, and compares nothing
  --json            prints one JSON document
  --help            this text
`;

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
