/** The reference of the dead letters. */
import type { DeadLetter, DeadLetters } from "../../ports/dead-letters.ts";

export const memoryDeadLetters = (): DeadLetters & {
  readonly bury: (handler: string, letter: DeadLetter) => void;
  /** What was given to a handler again, in order. */
  readonly redriven: (handler: string) => readonly DeadLetter[];
} => {
  const buried = new Map<string, readonly DeadLetter[]>();
  const again = new Map<string, readonly DeadLetter[]>();
  const of = (letters: typeof buried, handler: string) => letters.get(handler) ?? [];

  return {
    bury: (handler, letter) => void buried.set(handler, [...of(buried, handler), letter]),
    redriven: (handler) => of(again, handler),
    list: async (handler, countMax) => of(buried, handler).slice(0, countMax),
    redrive: async (handler, choose) => {
      const all = of(buried, handler);
      const chosen = choose(all);
      again.set(handler, [...of(again, handler), ...chosen]);
      buried.set(
        handler,
        all.filter((letter) => !chosen.includes(letter)),
      );
      return { count: chosen.length, more: false };
    },
  };
};
