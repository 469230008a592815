/**
 * Why a message is dead, as operators read it: a code and a sentence.
 * - unreadable: it is not JSON, not a CloudEvent, or not an event of ours.
 * - untranslatable: the translator does not accept the event, or its code throws.
 * - refused: the database refuses for good what would be written.
 * - event-id-reused: an event with this source and id came before, with other data.
 */
type DeadCode = "unreadable" | "untranslatable" | "refused" | "event-id-reused";

/** The header or attribute of a dead letter that holds the reason. */
export const becauseName = "dead-letter-because";

/** A reason is stored in headers and attributes, which are small. The payload has the rest. */
const lengthMax = 1000;

export const deadBecause = (code: DeadCode, why: unknown): string => {
  const text = `${code}: ${why instanceof Error ? why.message : String(why)}`.toWellFormed();
  return text.length > lengthMax ? `${text.slice(0, lengthMax).toWellFormed()}…` : text;
};
