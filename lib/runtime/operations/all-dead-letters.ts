/** Dead letters that are kept in several places: in the queues of the handlers, and by a bus. */
import type { DeadLetter, DeadLetters } from "../../ports/dead-letters.ts";

/**
 * The first place comes first, also in a redrive: name the place with the older ones first. What one place redrives may
 * become a dead letter in another.
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
