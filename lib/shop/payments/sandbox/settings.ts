/** Where the sandbox remembers, from the environment. Throws where the variable is missing. */
import { variable } from "../../../ports/settings.ts";

export const variables = { payments: "PAYMENTS_TABLE" } as const;

export const paymentsTable = (): string => variable(variables.payments);
