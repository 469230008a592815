/**
 * Any SMTP server as the mailer. SMTP has no idempotency key, but a mail that is sent again has the same
 * Message-ID, so many servers and mail clients show it once.
 */
import { createTransport } from "nodemailer";
import type { Mailer } from "../../ports/mailer.ts";
import { permanently } from "./errors.ts";

type SmtpSettings = {
  /** `smtp://host:587` or `smtps://user:password@host`. */
  readonly url: () => string;
  readonly from: () => string;
};

/** Together well below the timeout of a function. */
const timeouts = {
  dnsTimeout: 3000,
  connectionTimeout: 3000,
  greetingTimeout: 5000,
  socketTimeout: 8000,
} as const;

/** Encodes the characters of a key that a Message-ID does not allow. */
const messageIdOf = (key: string, from: string): string => {
  const left = encodeURIComponent(key).replaceAll(/[()]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  const domain = from.split("@").at(-1)?.replace(/>\s*$/, "");
  return `<${left}@${domain}>`;
};

/** With a user name, TLS is required, even if the server would accept less. */
const requireTLS = (url: string): boolean => new URL(url).username !== "";

/**
 * URL and sender are read when a mail is sent, so a function that sends no mail does not need the settings. Each
 * mail uses a new connection, because a container that is frozen between two mails cannot keep one open.
 */
export const smtpMailer = ({ url, from }: SmtpSettings): Mailer => ({
  send: async ({ key, to, subject, text, html }) => {
    const transport = createTransport({ url: url(), ...timeouts, requireTLS: requireTLS(url()) });
    const mail = { messageId: messageIdOf(key, from()), from: from(), to, subject, text, html };
    await permanently(() => transport.sendMail(mail));
  },
});
