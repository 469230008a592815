/** Whom mail is from, from the environment. Throws where the variable is missing. */
import { variable } from "../../ports/settings.ts";

export const variables = { from: "MAIL_FROM" } as const;

export const mailFrom = (): string => variable(variables.from);
