/** The table of the sandbox, from the environment. Throws if the variable is missing. */
import { variable } from "../../../ports/settings.ts";

export const variables = { payments: "PAYMENTS_TABLE" } as const;

export const paymentsTable = (): string => variable(variables.payments);
