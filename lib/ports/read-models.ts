/** The rows of the projections, with how far each has come in the streams it is made of. */
import type { Row } from "../model/projection.ts";
import type { StreamId } from "../model/stream.ts";

/** What a projection has processed of a stream. `business` is the version of its last event that is not a receipt. */
export type Checkpoint = { readonly version: number; readonly business: number };

/**
 * What is stored under a key. Without a `row` it holds only checkpoints: the row is not written yet, or was deleted.
 * `revision` counts its writes; 0 is a key that was never written.
 */
export type StoredRow = {
  readonly key: string;
  readonly row: Row | undefined;
  readonly revision: number;
  readonly checkpoints: Readonly<Record<StreamId, Checkpoint>>;
};

export type Page = {
  readonly rows: readonly Row[];
  /** Where the next page begins; none after the last. */
  readonly next?: string;
};

export type ListRequest = {
  readonly index: string;
  /** The value of the index's `by`; none where the index has none. */
  readonly value?: string;
  readonly limit: number;
  /** The `next` of the page before. */
  readonly from?: string;
};

export type ReadModels = {
  /**
   * What is stored under each key, strongly consistent, in the order of the keys; revision 0 for a new key. Throws
   * `PermanentError` if one of the keys can never be a key: it is empty, too long, or not valid UTF-8.
   */
  readonly load: (projection: string, keys: readonly string[]) => Promise<readonly StoredRow[]>;
  /**
   * Writes all or nothing. Each `revision` is the one that was loaded; is one no longer the newest, nothing is
   * written and the answer is "conflict". What is written has the next revision. 1 to 100 rows of different keys.
   * Throws `PermanentError` if one of the rows, or all together, can never be stored; which one, it does not say.
   */
  readonly write: (projection: string, rows: readonly StoredRow[]) => Promise<"written" | "conflict">;
  /** The row of a query, eventually consistent; none where there is no row. */
  readonly find: (projection: string, key: string) => Promise<StoredRow | undefined>;
  /**
   * A page of rows, newest first where the index says so, eventually consistent. A `from` that this list did
   * not give is answered with "invalid".
   */
  readonly list: (projection: string, request: ListRequest) => Promise<Page | "invalid">;
};
