/** The version of the application that last ran on a data folder. */
import * as z from "zod";
import type { Journal } from "../../../lib/local/machine/journal.ts";

const kept = z.object({
  /** JSON. Only comparison.ts knows its form. */
  contract: z.unknown(),
  /** The projections whose read models were emptied and are not complete yet. */
  unfilled: z.array(z.string()).readonly(),
});

type Kept = z.output<typeof kept>;

/** It is in the journal, so that `--fresh` removes it with the data. `read` answers undefined for a folder of an older version. */
export const lastVersionIn = (journal: Pick<Journal, "map">) => {
  const map = journal.map<unknown>("application");
  const key = "last";
  return {
    read: (): Kept | undefined => kept.safeParse(map.get(key)).data,
    write: (last: Kept): void => map.set(key, last),
  };
};
