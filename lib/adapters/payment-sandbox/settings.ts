/** Where the sandbox remembers, from the environment. Throws where the variable is missing. */

export const variables = { payments: "PAYMENTS_TABLE" } as const;

const variable = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`environment variable ${name} is missing`);
  return value;
};

export const paymentsTable = (): string => variable(variables.payments);
