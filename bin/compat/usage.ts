/** What may be asked on the command line of `npm run compat`. */
import { parseArgs } from "node:util";

export type Usage =
  | { readonly kind: "help" }
  | { readonly kind: "compare"; readonly file: string | undefined }
  | { readonly kind: "write"; readonly file: string }
  | { readonly kind: "wrong"; readonly because: string };

export const help = `npm run compat -- [options]

Compares the schemas of events and commands with those of the last tag, which it finds in that tag's
docs/contract.json, and names each breaking change: a message or a field that is removed, a field of another
type, a new required field, a limit that has become narrower. Ends with 1 when there is one.

  --against FILE    compares with those in this file instead
  --write FILE      compares nothing; writes the schemas as they are, for --against
  --help            this text
`;

const wrong = (because: string): Usage => ({ kind: "wrong", because });

const optionsIn = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    options: {
      against: { type: "string" },
      write: { type: "string" },
      help: { type: "boolean", default: false },
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
