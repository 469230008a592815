/** Why a value of one schema may not fit another, in words for either direction of time. */

export type Reason = {
  /** The place in the value: `lines[].sku`, or nothing at the top. */
  readonly path: string;
  /** What a sender sees, if the other schema is the newer one. Undefined if senders need not care. */
  readonly narrower?: string;
  /** What a reader sees, if the other schema is the older one. Undefined if readers need not care. */
  readonly wider?: string;
};

export const same = (path: string, words: string): Reason => ({ path, narrower: words, wider: words });
