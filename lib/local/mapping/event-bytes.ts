/** How much of what waits goes into one event: so many records at most, and no more than an invocation takes. */

/** Of the 6 MiB of an invocation, the rest is for what stands around the records. */
const bytesMax = 6 * 1024 * 1024 - 16 * 1024;

export const bytesOf = (record: unknown): number => Buffer.byteLength(JSON.stringify(record)) + 1;

/** No function can be given it. */
export const isTooLarge = (record: unknown): boolean => bytesOf(record) > bytesMax;

/** At least one, where there is one. */
export const batchOf = <Item>(
  waiting: readonly Item[],
  countMax: number,
  recordOf: (item: Item) => unknown,
): readonly Item[] => {
  let bytes = 0;
  const end = waiting.findIndex((item, index) => {
    bytes += bytesOf(recordOf(item));
    return index > 0 && (index >= countMax || bytes > bytesMax);
  });
  return waiting.slice(0, end < 0 ? waiting.length : end);
};
