/** The format of headers, which endpoints check and the documents of the API describe. */

/** Visible ASCII except the comma, because gateways join a header that is sent twice with a comma. */
export const idempotencyKeyPattern = /^[\x21-\x2b\x2d-\x7e]{1,255}$/;

/** One entity tag, RFC 9110, section 8.8.3. */
export const entityTag = String.raw`(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"`;

const blank = String.raw`[ \t]*`;

/** `*`, or a list of entity tags. The list may have empty members, which RFC 9110 requires recipients to accept. */
export const entityTagsPattern = new RegExp(
  `^${blank}(?:\\*${blank}|(?:,${blank})*${entityTag}${blank}(?:,${blank}(?:${entityTag}${blank})?)*)$`,
);
