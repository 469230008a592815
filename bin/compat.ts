/** `eventfold compat`: lists the changes that break senders of commands, readers of events, or stored events. */
import { writeFileSync } from "node:fs";
import { breakingChanges, type Contract, contractOf } from "../lib/compile/compatibility/compatibility.ts";
import { ownProject } from "./command-line/own-project.ts";
import { answer, fail, found, messageOf, misused } from "./command-line.ts";
import { contractIn, earlierContract, type Found } from "./compat/contract.ts";
import { help, type Usage, usage } from "./compat/usage.ts";

const count = (breaks: number): string => `${breaks} breaking change${breaks === 1 ? "" : "s"}`;

const compare = ({ contract, name }: Extract<Found, { readonly kind: "found" }>, today: Contract): void => {
  const breaks = breakingChanges(contract, today);
  const lines = breaks.map((each) => `${each}\n`).join("");
  answer("compat", breaks.length === 0 ? `nothing breaks since ${name}\n` : lines, {
    kind: "compared",
    with: name,
    breaks,
  });
  if (breaks.length > 0) found(`${count(breaks.length)} since ${name}`);
};

const write = (file: string, today: Contract): void => {
  try {
    writeFileSync(file, `${JSON.stringify(today, null, 2)}\n`);
  } catch (error) {
    fail(`${file} cannot be written: ${messageOf(error)}`);
  }
  answer("compat", `${file} is written\n`, { kind: "written", written: [file] });
};

const run = async (given: Extract<Usage, { readonly kind: "write" | "compare" }>): Promise<void> => {
  const { application, root } = await ownProject();
  const today = contractOf(application);
  if (given.kind === "write") return write(given.file, today);
  const earlier = given.file === undefined ? earlierContract(root) : contractIn(given.file);
  if (earlier.kind === "missing") fail(earlier.because);
  else if (earlier.kind === "found") compare(earlier, today);
  else
    answer("compat", `there is nothing to compare with: ${earlier.because}; name a file with --against\n`, {
      kind: "nothing-to-compare",
      because: earlier.because,
    });
};

const given = usage(process.argv.slice(2));
if (given.kind === "wrong") misused(given.because);
else if (given.kind === "help") process.stdout.write(help);
else await run(given).catch((error: unknown) => fail(messageOf(error)));
