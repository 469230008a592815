/**
 * The errors of SES: permanent or transient. To add one, add a row and its test. The first matching row decides.
 * Errors that an operator can fix, such as an unverified identity or a paused account, are transient.
 */
import { type ErrorRow, permanentBy } from "../../ports/permanent-error.ts";

const errorRows: readonly ErrorRow[] = [
  { kind: "transient", name: "MessageRejected", says: /not verified|paused|suspended/i },
  /** An invalid address, or content that SES does not send. */
  { kind: "permanent", name: "MessageRejected" },
  { kind: "transient", name: "BadRequestException", says: /configuration set|identity|from address/i },
  { kind: "permanent", name: "BadRequestException" },
  { kind: "permanent", status: 413 },
];

/** Runs a request. Throws `PermanentError` if SES refuses the mail. */
export const permanently = permanentBy(errorRows);
