/** The sender of mail, from the environment. Throws if the variable is missing. */
import { variable } from "../../ports/settings.ts";

/** The environment variables. */
export const variables = { from: "MAIL_FROM" } as const;

/** The sender address. */
export const mailFrom = (): string => variable(variables.from);
