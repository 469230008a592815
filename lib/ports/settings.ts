/** Reads the environment variables of a function. The `settings.ts` of each adapter lists its variables. */

/** Undefined if the variable is missing or empty. */
export const optionalVariable = (name: string): string | undefined => process.env[name] || undefined;

/** The value of a variable. Throws, and names the variable, if it is missing or empty. */
export const variable = (name: string): string => {
  const value = optionalVariable(name);
  if (value === undefined) throw new Error(`environment variable ${name} is missing`);
  return value;
};

/** Undefined if the variable is missing or empty. */
export const optionalNumber = (name: string): number | undefined => {
  const text = optionalVariable(name);
  return text === undefined ? undefined : Number(text);
};

/** Whether a variable has a value. */
export const isSet = (name: string): boolean => optionalVariable(name) !== undefined;
