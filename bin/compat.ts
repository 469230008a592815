/** `npm run compat`: whether what is written here breaks what was promised to those who send and subscribe. */
import { writeFileSync } from "node:fs";
import { breakingChanges, contractOf } from "../lib/compile/compatibility/compatibility.ts";
import { shop } from "../lib/shop/shop.ts";
import { fail, messageOf } from "./command-line.ts";
import { contractIn, earlierContract, type Found } from "./compat/contract.ts";
import { help, usage } from "./compat/usage.ts";

const count = (breaks: number): string => `${breaks} breaking change${breaks === 1 ? "" : "s"}`;

const compare = ({ contract, name }: Extract<Found, { readonly kind: "found" }>): void => {
  const breaks = breakingChanges(contract, contractOf(shop));
  for (const each of breaks) process.stdout.write(`${each}\n`);
  process.stdout.write(breaks.length === 0 ? `nothing that ${name} promised is broken\n` : "");
  if (breaks.length > 0) fail(`${count(breaks.length)} since ${name}`);
};

const write = (file: string): void => {
  try {
    writeFileSync(file, `${JSON.stringify(contractOf(shop), null, 2)}\n`);
  } catch (error) {
    fail(`${file} cannot be written: ${messageOf(error)}`);
  }
  process.stdout.write(`${file} is written\n`);
};

const given = usage(process.argv.slice(2));
if (given.kind === "wrong") fail(`${given.because}\n\n${help}`);
else if (given.kind === "help") process.stdout.write(help);
else if (given.kind === "write") write(given.file);
else {
  const found = given.file === undefined ? earlierContract() : contractIn(given.file);
  if (found.kind === "missing") fail(found.because);
  else if (found.kind === "nothing")
    process.stdout.write(
      `there is nothing to compare with: ${found.because}; or name a file with --against\n`,
    );
  else compare(found);
}
