/**
 * The errors of SES: permanent or transient. To add one, add a row and its test; the first row that fits decides. What an
 * operator can change, as the account or its identities, is transient.
 */
import { type ErrorRow, permanentBy } from "../../ports/permanent-error.ts";

const errorRows: readonly ErrorRow[] = [
  { kind: "transient", name: "MessageRejected", says: /not verified|paused|suspended/i },
  /** An address that cannot be one, or content that SES does not send. */
  { kind: "permanent", name: "MessageRejected" },
  { kind: "transient", name: "BadRequestException", says: /configuration set|identity|from address/i },
  { kind: "permanent", name: "BadRequestException" },
  { kind: "permanent", status: 413 },
];

/** Runs a request. Throws `PermanentError` if SES refuses it for the mail. */
export const permanently = permanentBy(errorRows);
