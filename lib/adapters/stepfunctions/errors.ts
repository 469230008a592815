/**
 * The errors of Step Functions: permanent or transient. To add one, add a row and its test. The first matching row
 * decides.
 */
import { type ErrorRow, permanentBy } from "../../ports/permanent-error.ts";

const errorRows: readonly ErrorRow[] = [
  { kind: "permanent", name: "InvalidExecutionInput" },
  { kind: "permanent", name: "InvalidName" },
  /** Values that come from the deployment. */
  { kind: "transient", name: "ValidationException", says: /arn/i },
  /** Values that differ between our requests: the input, of at most 256 KB, and the cause of a failure. */
  { kind: "permanent", name: "ValidationException" },
  { kind: "permanent", status: 413 },
];

/** Runs a request. Throws `PermanentError` if Step Functions refuses its content. */
export const permanently = permanentBy(errorRows);
