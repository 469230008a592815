/** Which state machines run the sagas, from the environment. Throws where a variable is missing. */
import { variable } from "../../ports/settings.ts";

export const stateMachineVariable = (saga: string): string =>
  `STATE_MACHINE_${saga.toUpperCase().replaceAll("-", "_")}`;

/** The ARN of each saga's state machine, by the name of the saga. */
export const machines = (sagas: readonly { readonly name: string }[]): Readonly<Record<string, string>> =>
  Object.fromEntries(sagas.map(({ name }) => [name, variable(stateMachineVariable(name))]));
