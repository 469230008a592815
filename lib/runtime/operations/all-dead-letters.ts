/** Dead letters from several places: the queues of the handlers, and the queues or topics of a bus. */
import type { DeadLetter, DeadLetters } from "../../ports/dead-letters.ts";

/**
 * Places are read and redriven in the given order. Name the place with the older dead letters first. A dead letter
 * that is redriven in one place may become a dead letter in another.
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
