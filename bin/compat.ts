/** `npm run compat`: whether what is written here breaks what was promised to those who send and subscribe. */
import { writeFileSync } from "node:fs";
import { breakingChanges, type Contract, contractOf } from "../lib/compile/compatibility/compatibility.ts";
import { projectIn } from "../lib/deploy/project.ts";
import { fail, messageOf } from "./command-line.ts";
import { contractIn, earlierContract, type Found } from "./compat/contract.ts";
import { help, type Usage, usage } from "./compat/usage.ts";

const count = (breaks: number): string => `${breaks} breaking change${breaks === 1 ? "" : "s"}`;

const compare = ({ contract, name }: Extract<Found, { readonly kind: "found" }>, today: Contract): void => {
  const breaks = breakingChanges(contract, today);
  for (const each of breaks) process.stdout.write(`${each}\n`);
  process.stdout.write(breaks.length === 0 ? `nothing that ${name} promised is broken\n` : "");
  if (breaks.length > 0) fail(`${count(breaks.length)} since ${name}`);
};

const write = (file: string, today: Contract): void => {
  try {
    writeFileSync(file, `${JSON.stringify(today, null, 2)}\n`);
  } catch (error) {
    fail(`${file} cannot be written: ${messageOf(error)}`);
  }
  process.stdout.write(`${file} is written\n`);
};

const run = async (given: Extract<Usage, { readonly kind: "write" | "compare" }>): Promise<void> => {
  const { application, root } = await projectIn(process.cwd());
  const today = contractOf(application);
  if (given.kind === "write") return write(given.file, today);
  const found = given.file === undefined ? earlierContract(root) : contractIn(given.file);
  if (found.kind === "missing") fail(found.because);
  else if (found.kind === "found") compare(found, today);
  else
    process.stdout.write(
      `there is nothing to compare with: ${found.because}; or name a file with --against\n`,
    );
};

const given = usage(process.argv.slice(2));
if (given.kind === "wrong") fail(`${given.because}\n\n${help}`);
else if (given.kind === "help") process.stdout.write(help);
else await run(given).catch((error: unknown) => fail(messageOf(error)));
