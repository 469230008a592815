/**
 * How a batch of a broker's messages gets to the function: as far as the filter lets it through, and all or
 * nothing, for these mappings know no partial failure.
 */
import type { Matcher } from "../events/pattern.ts";
import type { BatchLimit } from "./batch-limit.ts";
import type { InvokeFunction } from "./function.ts";

type DeliveryOptions<Item> = {
  readonly passes: Matcher;
  /** As the filter sees it. */
  readonly filteredBy: (record: Item) => unknown;
  readonly eventOf: (records: readonly Item[]) => unknown;
  readonly limit: Pick<BatchLimit<Item>, "isTooLarge">;
  readonly invoke: InvokeFunction;
  readonly problem: (message: string) => void;
};

/** Tells whether the batch is done. */
export type Deliver<Item> = (records: readonly Item[]) => Promise<boolean>;

export const delivery = <Item>(options: DeliveryOptions<Item>): Deliver<Item> => {
  const { passes, filteredBy, eventOf, limit, invoke, problem } = options;

  /**
   * Lambda drops a message that fits into no invocation (Lambda developer guide, "Troubleshoot Amazon MQ event source
   * mapping errors": "Lambda drops them due to their size. The size limit for Lambda records is 6 MB").
   */
  const fits = (record: Item) => {
    const isTooLarge = limit.isTooLarge(record);
    if (isTooLarge) problem("a message is dropped: with it alone, the event is larger than 6 MB");
    return !isTooLarge;
  };

  return async (records) => {
    const passing = records.filter((record) => passes(filteredBy(record)) && fits(record));
    if (passing.length === 0) return true;
    return (await invoke(eventOf(passing))).functionError === undefined;
  };
};
