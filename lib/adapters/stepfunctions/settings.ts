/** Which state machines run the sagas, from the environment, read when used. Throws where a variable is missing. */
import { variable } from "../../ports/settings.ts";

export const stateMachineVariable = (saga: string): string =>
  `STATE_MACHINE_${saga.toUpperCase().replaceAll("-", "_")}`;

/** The ARN of the state machine of this saga. */
export const machineOf = (saga: string): string => variable(stateMachineVariable(saga));
