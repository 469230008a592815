/** `eventfold compat`: lists the changes since an earlier contract, and fails if one of them breaks something. */
import { writeFileSync } from "node:fs";
import { judged } from "../lib/compile/compatibility/acknowledged.ts";
import { sentenceOf } from "../lib/compile/compatibility/changes/change.ts";
import { changesBetween } from "../lib/compile/compatibility/changes/changes.ts";
import type { Contract } from "../lib/compile/compatibility/contract/contract.ts";
import { contractOf } from "../lib/compile/compatibility/contract/contract-of.ts";
import { ownProject } from "./command-line/own-project.ts";
import { answer, exitCodes, fail, found, messageOf, misused } from "./command-line.ts";
import { acknowledgedIn } from "./compat/acknowledged.ts";
import { earlierContract, type Found, givenContract } from "./compat/contract.ts";
import { failing, summaryOf, textOf } from "./compat/report.ts";
import { type Comparison, help, type Usage, usage } from "./compat/usage.ts";

type Earlier = Extract<Found, { readonly kind: "found" }>;

type Project = { readonly today: Contract; readonly root: string };

const compare = ({ contract, name }: Earlier, { today, root }: Project, given: Comparison): void => {
  const { changes, stale } = judged(changesBetween(contract, today), acknowledgedIn(root));
  const failed = failing(changes, given.strict);
  const end = failed.length === 0 ? `nothing breaks since ${name}\n` : "";
  answer("compat", `${textOf(changes, stale, given.all)}${end}`, {
    kind: "compared",
    with: name,
    breaks: failed.map(sentenceOf),
    changes,
    stale,
  });
  if (failed.length > 0) found(summaryOf(failed, name));
};

const nothing = (because: string, isRequired: boolean): void => {
  answer("compat", `there is nothing to compare with: ${because}; name a file or a commit with --against\n`, {
    kind: "nothing-to-compare",
    because,
  });
  if (isRequired) process.exitCode = exitCodes.misused;
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
  const earlier = given.against === undefined ? earlierContract(root) : givenContract(root, given.against);
  if (earlier.kind === "missing") fail(earlier.because);
  else if (earlier.kind === "found") compare(earlier, { today, root }, given);
  else nothing(earlier.because, given.require);
};

const given = usage(process.argv.slice(2));
if (given.kind === "wrong") misused(given.because);
else if (given.kind === "help") process.stdout.write(help);
else await run(given).catch((error: unknown) => fail(messageOf(error)));
