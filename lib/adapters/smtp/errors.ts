/**
 * The errors of SMTP: permanent or transient. To add one, add a row and its test. The first matching row decides.
 * In RFC 5321, 4xx is transient and 5xx is permanent. But 5xx may also mean that the server refuses us, whatever
 * the mail. An operator can fix that, and then the mail can be sent.
 */
import { type ErrorRow, kindOfError, PermanentError } from "../../ports/permanent-error.ts";

const errorRows: readonly ErrorRow[] = [
  /** Authentication required, wrong password, or TLS required. */
  { kind: "transient", name: "EAUTH" },
  ...[530, 534, 535, 538].map((status) => ({ kind: "transient", status }) as const),
  /** The server does not relay for us. */
  { kind: "transient", status: 550, says: /relay/i },
  /** Unknown mailbox, invalid mailbox name, message too large, or transaction failed. */
  ...[550, 551, 552, 553, 554, 555].map((status) => ({ kind: "permanent", status }) as const),
  /** Errors that nodemailer finds itself: no recipient, or content that it cannot encode. */
  { kind: "permanent", name: "EENVELOPE", says: /No recipients defined/ },
  { kind: "permanent", name: "EMESSAGE" },
];

const fieldOf = (error: object, name: string): unknown =>
  Object.entries(error).find(([key]) => key === name)?.[1];

/** Runs a request. Throws `PermanentError` if the server refuses the mail. */
export const permanently = async <Result>(request: () => Promise<Result>): Promise<Result> => {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [code, status] = [fieldOf(error, "code"), fieldOf(error, "responseCode")];
    const { message } = error;
    const known = { name: `${code}`, message, ...(typeof status === "number" && { status }) };
    if (kindOfError(errorRows, known) === "transient") throw error;
    throw new PermanentError(message, { cause: error });
  }
};
