/** What identifies a stream, a row or a saga over HTTP. */
export const idPattern = /^[A-Za-z0-9_-]{1,64}$/;

export const isId = (text: string): boolean => idPattern.test(text);

export const idRule = "must be 1 to 64 characters of A-Z, a-z, 0-9, _ and -";
