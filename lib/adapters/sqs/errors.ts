/** The errors of SQS: permanent or transient. To add one, add a row and its test. The first matching row decides. */
import { type ErrorRow, permanentBy } from "../../ports/permanent-error.ts";

const errorRows: readonly ErrorRow[] = [
  /** A character that SQS does not accept. */
  { kind: "permanent", name: "InvalidMessageContents" },
  { kind: "permanent", name: "InvalidParameterValue", says: /must be shorter than/ },
  { kind: "permanent", status: 413 },
];

/** Runs a request. Throws `PermanentError` if SQS refuses the message. */
export const permanently = permanentBy(errorRows);
