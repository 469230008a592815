/** What a function is told by its environment; which names there are, the `settings.ts` of each adapter says. */

/** Throws, naming it, where the variable is missing or empty. */
export const variable = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`environment variable ${name} is missing`);
  return value;
};

export const isSet = (name: string): boolean => Boolean(process.env[name]);
