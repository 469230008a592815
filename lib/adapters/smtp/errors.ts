/**
 * The errors of SMTP: permanent or transient. To add one, add a row and its test; the first row that fits decides. RFC 5321
 * has two kinds of its own: 4xx may pass, 5xx does not. But 5xx also means that this server does not want us, whatever the
 * mail; that is for an operator to mend, and the mail is sent then.
 */
import { type ErrorRow, kindOfError, PermanentError } from "../../ports/permanent-error.ts";

const errorRows: readonly ErrorRow[] = [
  /** Sign in first, the password is wrong, TLS is required. */
  { kind: "transient", name: "EAUTH" },
  ...[530, 534, 535, 538].map((status) => ({ kind: "transient", status }) as const),
  /** Not from here: the server does not relay for us. */
  { kind: "transient", status: 550, says: /relay/i },
  /** No such mailbox, not such a mailbox name, too large, no such transaction. */
  ...[550, 551, 552, 553, 554, 555].map((status) => ({ kind: "permanent", status }) as const),
  /** What nodemailer finds by itself: no address to send to, or a content that it cannot write. */
  { kind: "permanent", name: "EENVELOPE", says: /No recipients defined/ },
  { kind: "permanent", name: "EMESSAGE" },
];

const fieldOf = (error: object, name: string): unknown =>
  Object.entries(error).find(([key]) => key === name)?.[1];

/** Runs a request. Throws `PermanentError` if the server refuses it for the mail. */
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
