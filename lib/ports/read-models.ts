/** The rows of the projections, with the checkpoints of the streams that they follow from. */
import type { Row } from "../model/projection.ts";
import type { StreamId } from "../model/stream.ts";

/** How far a projection has processed a stream. `business` is the version of its last event that is not a receipt. */
export type Checkpoint = { readonly version: number; readonly business: number };

/**
 * What is stored for a key. Without a `row` it has only checkpoints, because the row is not written yet or was
 * deleted. `revision` counts the writes; a key that was never written has revision 0.
 */
export type StoredRow = {
  readonly key: string;
  readonly row: Row | undefined;
  readonly revision: number;
  readonly checkpoints: Readonly<Record<StreamId, Checkpoint>>;
};

/** A page of a list. */
export type Page = {
  readonly rows: readonly Row[];
  /** Where the next page begins. Absent on the last page. */
  readonly next?: string;
};

/** Which page of which list to read. */
export type ListRequest = {
  readonly index: string;
  /** The value of the field in the index's `by`. Absent if the index has no `by`. */
  readonly value?: string;
  readonly limit: number;
  /** The `next` of the previous page. */
  readonly from?: string;
};

/** Stores the rows of the projections. */
export type ReadModels = {
  /**
   * What is stored for each key, strongly consistent, in the order of the keys. A new key has revision 0. Throws
   * `PermanentError` if one of the keys can never be a key: it is empty, too long, or not valid UTF-8.
   */
  readonly load: (projection: string, keys: readonly string[]) => Promise<readonly StoredRow[]>;
  /**
   * Writes 1 to 100 rows with different keys, all or none. Each `revision` is the one that was loaded. If one of
   * them is not the latest, nothing is written and the answer is "conflict". A written row has the next revision.
   * Throws `PermanentError` if one of the rows, or all of them together, can never be stored; it does not say which
   * one.
   */
  readonly write: (projection: string, rows: readonly StoredRow[]) => Promise<"written" | "conflict">;
  /** The row of a key, eventually consistent. Undefined if there is none. */
  readonly find: (projection: string, key: string) => Promise<StoredRow | undefined>;
  /**
   * A page of rows, eventually consistent, newest first if the index says so. Answers "invalid" if `from` does not
   * come from this list.
   */
  readonly list: (projection: string, request: ListRequest) => Promise<Page | "invalid">;
};
