/** Reads the environment variables of a function. The `settings.ts` of each adapter lists its variables. */

/** Undefined if the variable is missing or empty. */
export const optionalVariable = (name: string): string | undefined => process.env[name] || undefined;

/** The value of a variable. Throws, and names the variable, if it is missing or empty. */
export const variable = (name: string): string => {
  const value = optionalVariable(name);
  if (value === undefined) throw new Error(`environment variable ${name} is missing`);
  return value;
};

/**
 * The value of a variable that must be a URL. Throws without the value, because it may have a password: an error of `URL`
 * has the whole value, and Lambda logs it.
 */
export const urlVariable = (name: string): string => {
  const value = variable(name);
  if (URL.canParse(value)) return value;
  throw new Error(
    `environment variable ${name} is not a URL; encode each character of its user and password that is not a letter or a digit`,
  );
};

/** Undefined if the variable is missing or empty. */
export const optionalNumber = (name: string): number | undefined => {
  const text = optionalVariable(name);
  return text === undefined ? undefined : Number(text);
};

/** Whether a variable has a value. */
export const isSet = (name: string): boolean => optionalVariable(name) !== undefined;
