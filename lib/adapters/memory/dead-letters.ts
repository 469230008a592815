/** The reference implementation of dead letters. */
import type { DeadLetter, DeadLetters } from "../../ports/dead-letters.ts";

/** Dead letters in memory. */
export const memoryDeadLetters = (): DeadLetters & {
  readonly add: (handler: string, deadLetter: DeadLetter) => void;
  /** The dead letters that were redriven to a handler, in order. */
  readonly redriven: (handler: string) => readonly DeadLetter[];
} => {
  const kept = new Map<string, readonly DeadLetter[]>();
  const redriven = new Map<string, readonly DeadLetter[]>();
  const of = (all: typeof kept, handler: string) => all.get(handler) ?? [];

  return {
    add: (handler, deadLetter) => void kept.set(handler, [...of(kept, handler), deadLetter]),
    redriven: (handler) => of(redriven, handler),
    list: async (handler, countMax) => of(kept, handler).slice(0, countMax),
    redrive: async (handler, choose) => {
      const all = of(kept, handler);
      const chosen = choose(all);
      redriven.set(handler, [...of(redriven, handler), ...chosen]);
      kept.set(
        handler,
        all.filter((deadLetter) => !chosen.includes(deadLetter)),
      );
      return { count: chosen.length, more: false };
    },
  };
};
