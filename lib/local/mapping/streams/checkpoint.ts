/**
 * The checkpoint of a shard: all records up to it are done. Records finish in any order, and the checkpoint is just
 * before the first unfinished one. So after a restart no record is lost, and some are delivered again.
 */
import type { DurableMap } from "../../machine/journal.ts";

export type Checkpoint = {
  /** The sequence number of the last record up to which all are done. Undefined at the beginning of the shard. */
  readonly last: () => string | undefined;
  /** Call it in the order of the shard. */
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
