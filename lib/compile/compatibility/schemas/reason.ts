/** Why a value of one schema may not fit another, worded for both directions. */

export type Reason = {
  /** The place in the value: `lines[].sku`, or an empty string for the value itself. */
  readonly path: string;
  /** The text if the other schema is the newer one: senders are affected. Undefined if they are not. */
  readonly narrower?: string;
  /** The text if the other schema is the older one: readers are affected. Undefined if they are not. */
  readonly wider?: string;
};

export const same = (path: string, words: string): Reason => ({ path, narrower: words, wider: words });
