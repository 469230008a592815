/**
 * The header `traceparent` of W3C Trace Context. An invalid value is ignored, as the specification says, so that it
 * does not break the trace of later messages.
 */

/** Version 00, and later versions of the same length. Version ff and ids of zeros are invalid. */
const pattern = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The value unchanged, or undefined if it is invalid. */
export const validTraceparent = (given: string | undefined): string | undefined =>
  given !== undefined && pattern.test(given) ? given : undefined;
