/** Reads the environment variables of a function. The `settings.ts` of each adapter says which there are. */

/** Undefined if the variable is missing or empty. */
export const optionalVariable = (name: string): string | undefined => process.env[name] || undefined;

/** Throws, and names the variable, if it is missing or empty. */
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

export const isSet = (name: string): boolean => optionalVariable(name) !== undefined;
