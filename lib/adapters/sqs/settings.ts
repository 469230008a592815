/**
 * The queues of effects, sagas and translators, from the environment, read on use. Throws if a variable is missing.
 */
import { variableName } from "../../model/validation/made-names.ts";
import { isSet, variable } from "../../ports/settings.ts";

/** The environment variable with the queue of a handler. */
export const queueVariable = (handler: string): string => `QUEUE_${variableName(handler)}`;

/** Whether the function may send to the queue of this handler. */
export const hasQueue = (handler: string): boolean => isSet(queueVariable(handler));

/** The URL of the queue of this handler. */
export const queueOf = (handler: string): string => variable(queueVariable(handler));
