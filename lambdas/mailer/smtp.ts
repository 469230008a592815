/** Any SMTP server as the mailer of the functions. */
import { smtpMailer } from "../../lib/adapters/smtp/mailer.ts";
import { smtpSettings } from "../../lib/adapters/smtp/settings.ts";

/** The mailer: e-mail with an SMTP server. */
export const mailer = () => smtpMailer(smtpSettings);
