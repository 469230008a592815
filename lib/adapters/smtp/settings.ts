/** The SMTP server and the sender of mail, from the environment. Throws if a variable is missing. */
import { variable } from "../../ports/settings.ts";

export const variables = { url: "SMTP_URL", from: "MAIL_FROM" } as const;

export const smtpSettings = {
  url: (): string => variable(variables.url),
  from: (): string => variable(variables.from),
};
