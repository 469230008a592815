/** The queues of effects and sagas, from the environment, read when used. Throws where a variable is missing. */
import { variable } from "../../ports/settings.ts";

export const queueVariable = (handler: string): string =>
  `QUEUE_${handler.toUpperCase().replaceAll("-", "_")}`;

/** The URL of the queue of this effect or saga. */
export const queueOf = (handler: string): string => variable(queueVariable(handler));
