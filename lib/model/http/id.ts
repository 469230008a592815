/** The ids of streams, rows and saga instances over HTTP. */
export const idPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether a text is such an id. */
export const isId = (text: string): boolean => idPattern.test(text);

/** The rule in words, for messages. */
export const idRule = "must be 1 to 64 characters of A-Z, a-z, 0-9, _ and -";
