/** Limits that endpoints enforce and that the documents of the API state. */

export const bodyBytesMax = 256 * 1024;

/** Rows in one page of a list. */
export const pageLimits = { usual: 20, most: 100 } as const;
