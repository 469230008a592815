/** Gives dead letters to their queue. One that the queue never takes stays a dead letter, and must not stop the others. */
import type { DeadLetter } from "../../../ports/dead-letters.ts";
import { PermanentError } from "../../../ports/permanent-error.ts";

/** Answers those that the queue has taken, in their order. */
export const giveEach = async (
  letters: readonly DeadLetter[],
  give: (payload: string) => Promise<void>,
): Promise<readonly DeadLetter[]> => {
  const taken: DeadLetter[] = [];
  for (const deadLetter of letters)
    try {
      await give(deadLetter.payload);
      taken.push(deadLetter);
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
    }
  return taken;
};
