/**
 * How far a shard is done: all records up to the checkpoint are. Records finish in any order; the
 * checkpoint is the last one before the lowest undone, so after a restart none is left out and some come again.
 */
import type { DurableMap } from "../../machine/journal.ts";

export type Checkpoint = {
  /** The sequence number up to which all is done; undefined at the beginning of the shard. */
  readonly last: () => string | undefined;
  /** Called in the order of the shard. */
  readonly begin: (sequenceNumbers: readonly string[]) => void;
  readonly done: (sequenceNumbers: readonly string[]) => void;
  readonly undone: () => number;
};

export const checkpoint = (saved: DurableMap<string>, key: string): Checkpoint => {
  const undone = new Set<string>();
  let begun: string[] = [];
  let next = 0;

  const save = () => {
    const before = next;
    for (let first = begun[next]; first !== undefined && !undone.has(first); first = begun[next]) next += 1;
    const last = begun[next - 1];
    if (next > before && last !== undefined) saved.set(key, last);
    if (next < 1000 || next < begun.length / 2) return;
    begun = begun.slice(next);
    next = 0;
  };

  return {
    last: () => saved.get(key),
    begin: (sequenceNumbers) => {
      for (const number of sequenceNumbers) {
        undone.add(number);
        begun.push(number);
      }
    },
    done: (sequenceNumbers) => {
      for (const number of sequenceNumbers) undone.delete(number);
      save();
    },
    undone: () => undone.size,
  };
};
