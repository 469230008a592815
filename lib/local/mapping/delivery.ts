/**
 * How a batch of a broker's messages gets to the function: as far as the filter lets it through, and all or
 * nothing, for these mappings know no partial failure.
 */
import type { Matcher } from "../events/pattern.ts";
import { isTooLarge } from "./event-bytes.ts";
import type { Give } from "./function.ts";

export type DeliveryOptions<Item> = {
  readonly passes: Matcher;
  /** As the filter sees it. */
  readonly filteredBy: (record: Item) => unknown;
  readonly eventOf: (records: readonly Item[]) => unknown;
  readonly give: Give;
  readonly problem: (message: string) => void;
};

/** Tells whether the batch is done. */
export type Deliver<Item> = (records: readonly Item[]) => Promise<boolean>;

export const delivery = <Item>(options: DeliveryOptions<Item>): Deliver<Item> => {
  const { passes, filteredBy, eventOf, give, problem } = options;

  /** As on AWS, what fits into no invocation is lost. */
  const fits = (record: Item) => {
    const fitsIn = !isTooLarge(record);
    if (!fitsIn) problem("a message of more than 6 MB is dropped: no function can be given it");
    return fitsIn;
  };

  return async (records) => {
    const passing = records.filter((record) => passes(filteredBy(record)) && fits(record));
    if (passing.length === 0) return true;
    return (await give(eventOf(passing))).functionError === undefined;
  };
};
