/** Whom mail is from, from the environment. Throws where the variable is missing. */

export const variables = { from: "MAIL_FROM" } as const;

const variable = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`environment variable ${name} is missing`);
  return value;
};

export const mailFrom = (): string => variable(variables.from);
