/**
 * A command that deletes data asks first. Without a terminal, `--yes` must say so in advance: a script that forgot it
 * changes nothing.
 */
import { createInterface } from "node:readline/promises";
import { fail, misused } from "../command-line.ts";

type Danger = {
  /** What the command deletes, as the rest of a sentence: "this deletes …". */
  readonly deletes: readonly string[];
  /** Whether `--yes` is given. */
  readonly yes: boolean;
};

/** Returns if there is nothing to delete, or the user agrees. Ends the process otherwise. */
export const confirm = async ({ deletes, yes }: Danger): Promise<void> => {
  if (deletes.length === 0 || yes) return;
  const what = `this deletes ${deletes.join(" and ")}`;
  if (!process.stdin.isTTY) return misused(`${what}: add --yes to agree; nothing was changed`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${what}. Continue? [y/N] `);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) fail("nothing was changed");
};
