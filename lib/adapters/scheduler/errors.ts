/** The errors of the Scheduler: permanent or transient. To add one, add a row and its test; the first row that fits decides. */
import { type ErrorRow, permanentBy } from "../../ports/permanent-error.ts";

const errorRows: readonly ErrorRow[] = [
  /** What a deployment has given it. */
  { kind: "transient", name: "ValidationException", says: /role|group|arn/i },
  /** What differs between our requests: the message, of at most 256 KB, and the time. */
  { kind: "permanent", name: "ValidationException" },
  { kind: "permanent", status: 413 },
];

/** Runs a request. Throws `PermanentError` if the Scheduler refuses it for the deadline. */
export const permanently = permanentBy(errorRows);
