/** The reference implementation of the mailer: it keeps each mail once, in memory. */
import type { Mail, Mailer } from "../../ports/mailer.ts";

/** A mailer in memory, whose e-mails a test can read. */
export const memoryMailer = (): Mailer & { readonly sent: () => readonly Mail[] } => {
  const mails = new Map<string, Mail>();

  return {
    sent: () => [...mails.values()],
    send: async (mail) => {
      if (!mails.has(mail.key)) mails.set(mail.key, mail);
    },
  };
};
