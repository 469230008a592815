/**
 * The question before a command deletes data. Without a terminal, `--yes` is required; a script that omits it changes
 * nothing.
 */
import { createInterface } from "node:readline/promises";
import { fail, misused } from "../command-line.ts";

type Danger = {
  /** What the command deletes, to complete the sentence "this deletes …". */
  readonly deletes: readonly string[];
  /** Whether `--yes` is given. */
  readonly yes: boolean;
};

type Ask = (question: string) => Promise<string>;

/** `ask` is undefined without a terminal. */
export const consent = async (
  { deletes, yes }: Danger,
  ask: Ask | undefined,
): Promise<"given" | "refused" | "missing"> => {
  if (deletes.length === 0 || yes) return "given";
  if (!ask) return "missing";
  const answer = await ask(`this deletes ${deletes.join(" and ")}. Continue? [y/N] `);
  return /^y(es)?$/i.test(answer.trim()) ? "given" : "refused";
};

const askOnTerminal: Ask = async (question) => {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
};

/** Returns if nothing would be deleted, or if the user agrees. Otherwise ends the process. */
export const confirm = async (danger: Danger): Promise<void> => {
  const consented = await consent(danger, process.stdin.isTTY ? askOnTerminal : undefined);
  if (consented === "refused") fail("nothing was changed");
  if (consented === "missing")
    misused(`this deletes ${danger.deletes.join(" and ")}: add --yes to agree; nothing was changed`);
};
