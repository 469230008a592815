/**
 * The errors of Step Functions: permanent or transient. To add one, add a row and its test; the first row that fits
 * decides.
 */
import { type ErrorRow, permanentBy } from "../../ports/permanent-error.ts";

const errorRows: readonly ErrorRow[] = [
  { kind: "permanent", name: "InvalidExecutionInput" },
  { kind: "permanent", name: "InvalidName" },
  /** What a deployment has given it. */
  { kind: "transient", name: "ValidationException", says: /arn/i },
  /** What differs between our requests: the input, of at most 256 KB, and the words of a failure. */
  { kind: "permanent", name: "ValidationException" },
  { kind: "permanent", status: 413 },
];

/** Runs a request. Throws `PermanentError` if Step Functions refuses it for its content. */
export const permanently = permanentBy(errorRows);
