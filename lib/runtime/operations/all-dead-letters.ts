/** Dead letters that stand in several places: handlers have queues of their own, and what a bus keeps for them. */
import type { DeadLetter, DeadLetters } from "../../ports/dead-letters.ts";

/**
 * The first place comes first, also when letters are redriven: give the older ones first. What one place gives again
 * may become a dead letter of another one.
 */
export const allDeadLetters = (...places: readonly DeadLetters[]): DeadLetters => ({
  list: async (handler, countMax) => {
    const letters: DeadLetter[] = [];
    for (const place of places)
      if (letters.length < countMax) letters.push(...(await place.list(handler, countMax - letters.length)));
    return letters;
  },
  redrive: async (handler, choose) => {
    let count = 0;
    let more = false;
    for (const place of places) {
      const redriven = await place.redrive(handler, choose);
      count += redriven.count;
      more ||= redriven.more;
    }
    return { count, more };
  },
});
