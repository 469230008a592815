/**
 * The errors of the Scheduler: permanent or transient. To add one, add a row and its test. The first matching row
 * decides.
 */
import { type ErrorRow, permanentBy } from "../../ports/permanent-error.ts";

const errorRows: readonly ErrorRow[] = [
  /** Values that come from the deployment. */
  { kind: "transient", name: "ValidationException", says: /role|group|arn/i },
  /** Values that differ between our requests: the message, of at most 256 KB, and the time. */
  { kind: "permanent", name: "ValidationException" },
  { kind: "permanent", status: 413 },
];

/** Runs a request. Throws `PermanentError` if the Scheduler refuses the deadline. */
export const permanently = permanentBy(errorRows);
