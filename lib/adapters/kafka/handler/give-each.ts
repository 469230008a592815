/**
 * Sends dead letters to a queue. One that the queue never accepts stays a dead letter and does not block the
 * others.
 */
import type { DeadLetter } from "../../../ports/dead-letters.ts";
import { PermanentError } from "../../../ports/permanent-error.ts";

/** Returns the dead letters that the queue has accepted, in order. */
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
