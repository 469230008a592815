/** The tables of a function, from its environment. Each function throws if the variable is missing. */
import { variable } from "../../ports/settings.ts";
import { readModelVariable, variables } from "./keys.ts";

export const eventsTable = (): string => variable(variables.events);
export const idempotencyKeysTable = (): string => variable(variables.idempotencyKeys);
export const instancesTable = (): string => variable(variables.instances);
export const ledgerTable = (): string => variable(variables.ledger);
export const inboxTable = (): string => variable(variables.inbox);
export const parkedTable = (): string => variable(variables.parked);
export const readModelTable = (projection: string): string => variable(readModelVariable(projection));
