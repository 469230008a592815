/** The tables of a function, from its environment. Each function throws if the variable is missing. */
import { variable } from "../../ports/settings.ts";
import { readModelVariable, variables } from "./keys.ts";

/** The table of events. */
export const eventsTable = (): string => variable(variables.events);
/** The table of idempotency keys. */
export const idempotencyKeysTable = (): string => variable(variables.idempotencyKeys);
/** The table of saga instances. */
export const instancesTable = (): string => variable(variables.instances);
/** The table of the ledger. */
export const ledgerTable = (): string => variable(variables.ledger);
/** The table of the inbox. */
export const inboxTable = (): string => variable(variables.inbox);
/** The table of parked streams. */
export const parkedTable = (): string => variable(variables.parked);
/** The table of a projection. */
export const readModelTable = (projection: string): string => variable(readModelVariable(projection));
