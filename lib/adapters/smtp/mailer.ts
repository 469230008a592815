/**
 * Any SMTP server as the mailer. SMTP knows no idempotency, but a mail that is sent again carries the same
 * Message-ID, by which many servers and mailboxes show it once.
 */
import { createTransport } from "nodemailer";
import type { Mailer } from "../../ports/mailer.ts";
import { permanently } from "./errors.ts";

type SmtpSettings = {
  /** `smtp://host:587` or `smtps://user:password@host`. */
  readonly url: () => string;
  readonly from: () => string;
};

/** In all well below the time-out of a function. */
const timeouts = {
  dnsTimeout: 3000,
  connectionTimeout: 3000,
  greetingTimeout: 5000,
  socketTimeout: 8000,
} as const;

/** Every letter of a key that may not stand in a Message-ID becomes one that may. */
const messageIdOf = (key: string, from: string): string => {
  const left = encodeURIComponent(key).replaceAll(/[()]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  const domain = from.split("@").at(-1)?.replace(/>\s*$/, "");
  return `<${left}@${domain}>`;
};

/** Whoever signs in does so by TLS only, also where the server is content with less. */
const requireTLS = (url: string): boolean => new URL(url).username !== "";

/**
 * Where mail goes and whom it is from is asked when it is sent: who never sends need not know. A mail is a connection
 * of its own, for a container that sleeps between two mails keeps none open.
 */
export const smtpMailer = ({ url, from }: SmtpSettings): Mailer => ({
  send: async ({ key, to, subject, text, html }) => {
    const transport = createTransport({ url: url(), ...timeouts, requireTLS: requireTLS(url()) });
    const mail = { messageId: messageIdOf(key, from()), from: from(), to, subject, text, html };
    await permanently(() => transport.sendMail(mail));
  },
});
