/** The name of the outbox's table, from the environment. Throws if the variable is missing. */
import { variable } from "eventfold/ports/settings";

export const variables = { outbox: "SMS_OUTBOX_TABLE" } as const;

export const outboxTable = (): string => variable(variables.outbox);
