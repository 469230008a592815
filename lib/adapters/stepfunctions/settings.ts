/** Which state machines run the sagas, from the environment. Throws where a variable is missing. */

export const stateMachineVariable = (saga: string): string =>
  `STATE_MACHINE_${saga.toUpperCase().replaceAll("-", "_")}`;

const variable = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`environment variable ${name} is missing`);
  return value;
};

/** The ARN of each saga's state machine, by the name of the saga. */
export const machines = (sagas: readonly { readonly name: string }[]): Readonly<Record<string, string>> =>
  Object.fromEntries(sagas.map(({ name }) => [name, variable(stateMachineVariable(name))]));
