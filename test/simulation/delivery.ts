/** How the world delivers messages and runs processes. All else follows from the seed. */

export type Delivery = {
  readonly name: string;
  readonly seed: number;
  readonly copies: 1 | 2;
  /** Messages overtake each other, processes run concurrently, and eventually consistent reads lag. */
  readonly shuffled?: true;
  /** The clock may jump forward at any moment. */
  readonly clockJumps?: true;
  /**
   * - crash: each process dies once after its first operation, once after its second, and so on.
   * - fault: each operation of a process fails twice, once before it runs and once after it has run.
   */
  readonly mishap?: "crash" | "fault";
};

/** `SEED` selects one seed, `SEEDS` sets how many. */
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

/** Only shuffled deliveries depend on the seed. */
export const deliveries: readonly Delivery[] = kinds.flatMap((kind) =>
  (kind.shuffled ? seeds : seeds.slice(0, 1)).map((seed) => ({ ...kind, seed })),
);

/** Adds to each error how to run the same delivery again. */
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
