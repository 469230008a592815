/** Limits that endpoints enforce and the documents of the API state. */

/** The size of a request's body, in bytes. */
export const bodyBytesMax = 256 * 1024;

/** The number of rows in a page of a list: the default and the maximum. */
export const pageLimits = { usual: 20, most: 100 } as const;
