/** What a function is for, from its environment. Each throws where the variable is missing. */

export const variables = { saga: "SAGA", effect: "EFFECT", namespace: "EVENTFOLD_NAMESPACE" } as const;

const variable = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`environment variable ${name} is missing`);
  return value;
};

/** The saga that the function reacts for, or whose tasks it does. */
export const sagaName = (): string => variable(variables.saga);
/** The effect that the function performs. */
export const effectName = (): string => variable(variables.effect);
/** Where metrics are counted. */
export const namespace = (): string => variable(variables.namespace);
