/**
 * Why a message is a dead letter, as operators read it: a code and a sentence.
 * - unreadable: it is not JSON, not a CloudEvent, or not an event of this application.
 * - untranslatable: the translator does not accept the event, or its code throws.
 * - refused: the database will never accept the data that would be written.
 * - event-id-reused: an earlier event has the same source and id, but other data.
 */
type DeadCode = "unreadable" | "untranslatable" | "refused" | "event-id-reused";

/** The header or attribute of a dead letter that holds the reason. */
export const becauseName = "dead-letter-because";

/** Headers and attributes are small, so a reason is cut at this length. The payload has the rest. */
const lengthMax = 1000;

/** The text of a reason: the code and the message of the error, at most 1001 characters. */
export const deadBecause = (code: DeadCode, why: unknown): string => {
  const text = `${code}: ${why instanceof Error ? why.message : String(why)}`.toWellFormed();
  return text.length > lengthMax ? `${text.slice(0, lengthMax).toWellFormed()}…` : text;
};
