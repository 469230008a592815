/** The form of headers that endpoints check and that the documents of the API describe. */

/** Visible ASCII without the comma: gateways join a header that is sent twice by a comma. */
export const idempotencyKeyPattern = /^[\x21-\x2b\x2d-\x7e]{1,255}$/;

/** One entity tag, RFC 9110, section 8.8.3. */
export const entityTag = String.raw`(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"`;

const blank = String.raw`[ \t]*`;

/** `*`, or a list of entity tags. A list may have empty members: RFC 9110 says that a recipient must accept them. */
export const entityTagsPattern = new RegExp(
  `^${blank}(?:\\*${blank}|(?:,${blank})*${entityTag}${blank}(?:,${blank}(?:${entityTag}${blank})?)*)$`,
);
