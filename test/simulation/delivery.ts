/** How the world treats messages and processes; everything else follows from the seed. */

export type Delivery = {
  readonly name: string;
  readonly seed: number;
  readonly copies: 1 | 2;
  /** Messages overtake each other, processes run into each other, eventually consistent reads lag. */
  readonly shuffled?: true;
  /** Time runs out at any moment. */
  readonly clockJumps?: true;
  /**
   * - crash: each process dies once after its first operation, once after its second, and so on.
   * - fault: each operation of a process fails once, once before it has happened and once after.
   */
  readonly mishap?: "crash" | "fault";
};

/** `SEED` names the only one, `SEEDS` how many. */
const { SEED, SEEDS = "1" } = process.env;

const seeds = SEED ? [Number(SEED)] : Array.from({ length: Number(SEEDS) }, (_, index) => index + 1);

const kinds: readonly Omit<Delivery, "seed">[] = [
  { name: "once, in order", copies: 1 },
  { name: "twice", copies: 2 },
  { name: "reordered", copies: 1, shuffled: true },
  { name: "twice, reordered", copies: 2, shuffled: true },
  { name: "again after every crash", copies: 1, mishap: "crash" },
  { name: "again after every crash, reordered", copies: 2, shuffled: true, mishap: "crash" },
  { name: "again after every fault, reordered", copies: 1, shuffled: true, mishap: "fault" },
];

/** By chance varies only what is shuffled. */
export const deliveries: readonly Delivery[] = kinds.flatMap((kind) =>
  (kind.shuffled ? seeds : seeds.slice(0, 1)).map((seed) => ({ ...kind, seed })),
);

/** Says of whatever fails how to run it again. */
export const told = async <Value>(delivery: Delivery, play: () => Promise<Value>): Promise<Value> => {
  try {
    return await play();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { name, seed, clockJumps } = delivery;
    error.message = `SEED=${seed}, ${name}${clockJumps ? ", the clock jumps" : ""}: ${error.message}`;
    throw error;
  }
};
