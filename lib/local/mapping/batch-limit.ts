/**
 * How many waiting records fit into one event. AWS ends a batch at the size limit of an invocation, 6 MB, which counts
 * the JSON of the whole event (Lambda developer guide, "Batching behavior": "The payload size reaches 6 MB. You cannot
 * modify this limit").
 */
import { invocationBytesMax } from "../lambda/settings.ts";

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** A waiting record, with its size in the JSON of an event. */
export type Weighed<Item> = { readonly record: Item; readonly bytes: number };

export const weighed = <Item>(record: Item): Weighed<Item> => ({ record, bytes: bytesOf(record) });

export type BatchLimit<Item> = {
  /** How many of the first records fit into one event. At least one, if any record waits. */
  readonly countOf: (waiting: readonly Weighed<Item>[]) => number;
  /** More records would not make the next batch larger. */
  readonly isFull: (waiting: readonly Weighed<Item>[]) => boolean;
  /** An event with this record alone is too large for an invocation. */
  readonly isTooLarge: (record: Item) => boolean;
};

/** `countMax` is the mapping's BatchSize. `eventOf` makes the event for the function. */
export const batchLimit = <Item>(
  countMax: number,
  eventOf: (records: readonly Item[]) => unknown,
): BatchLimit<Item> => {
  const countOf = (waiting: readonly Weighed<Item>[]): number => {
    const [first] = waiting;
    if (first === undefined) return 0;
    let bytes = bytesOf(eventOf([first.record]));
    const comma = 1;
    let count = 1;
    for (const { bytes: more } of waiting.slice(1, countMax)) {
      bytes += more + comma;
      if (bytes > invocationBytesMax) break;
      count += 1;
    }
    return count;
  };
  return {
    countOf,
    isFull: (waiting) => waiting.length >= countMax || countOf(waiting) < waiting.length,
    isTooLarge: (record) => bytesOf(eventOf([record])) > invocationBytesMax,
  };
};
