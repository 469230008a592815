/** The SMTP server and the sender of mail, from the environment. Throws if a variable is missing. */
import { urlVariable, variable } from "../../ports/settings.ts";

/** The environment variables. */
export const variables = { url: "SMTP_URL", from: "MAIL_FROM" } as const;

/** The URL of the server and the sender address, read on use. */
export const smtpSettings = {
  url: (): string => urlVariable(variables.url),
  from: (): string => variable(variables.from),
};
