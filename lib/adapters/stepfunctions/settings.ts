/** The state machines of the sagas, from the environment, read on use. Throws if a variable is missing. */
import { variableName } from "../../model/validation/made-names.ts";
import { isSet, variable } from "../../ports/settings.ts";

/** The environment variable with the state machine of a saga. */
export const stateMachineVariable = (saga: string): string => `STATE_MACHINE_${variableName(saga)}`;

/** Whether the saga has a state machine. Otherwise it is a choreography. */
export const hasMachine = (saga: string): boolean => isSet(stateMachineVariable(saga));

/** The ARN of the state machine of this saga. */
export const machineOf = (saga: string): string => variable(stateMachineVariable(saga));
