/** Any SMTP server as the mailer of the functions. */
import { smtpMailer } from "../../lib/adapters/smtp/mailer.ts";
import { smtpSettings } from "../../lib/adapters/smtp/settings.ts";

export const mailer = () => smtpMailer(smtpSettings);
