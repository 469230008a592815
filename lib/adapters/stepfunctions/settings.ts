/** Which state machines run the sagas, from the environment, read when used. Throws where a variable is missing. */
import { variableName } from "../../model/validation/made-names.ts";
import { isSet, variable } from "../../ports/settings.ts";

export const stateMachineVariable = (saga: string): string => `STATE_MACHINE_${variableName(saga)}`;

/** Whether whoever looks for stuck sagas may start the executions of this one, for nobody is told how they end. */
export const endsUnreported = (saga: string): boolean => isSet(stateMachineVariable(saga));

/** The ARN of the state machine of this saga. */
export const machineOf = (saga: string): string => variable(stateMachineVariable(saga));
