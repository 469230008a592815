/** The role of a function, from its environment. Each function throws if the variable is missing. */
import { optionalVariable, variable } from "../../ports/settings.ts";

/** The environment variables. */
export const variables = {
  saga: "SAGA",
  effect: "EFFECT",
  translator: "TRANSLATOR",
  namespace: "EVENTFOLD_NAMESPACE",
} as const;

/** The saga that the function reacts for, or whose tasks it runs. */
export const sagaName = (): string => variable(variables.saga);
/** The effect that the function performs. */
export const effectName = (): string => variable(variables.effect);
/** The translator that the function runs. */
export const translatorName = (): string => variable(variables.translator);
/** The namespace of the metrics. */
export const namespace = (): string => variable(variables.namespace);
/** The name of the application in the log: the last part of the namespace. */
export const serviceName = (): string => namespace().split("/").at(-1) ?? "";
/**
 * The X-Ray trace id of the current invocation, `1-…`. Undefined if X-Ray does not record the invocation: Lambda sets the
 * variable then as well, but the id leads nowhere.
 */
export const traceId = (): string | undefined => {
  const header = optionalVariable("_X_AMZN_TRACE_ID") ?? "";
  return header.includes("Sampled=1") ? /Root=([^;]+)/.exec(header)?.[1] : undefined;
};
/** The lowest level that Lambda keeps. Lambda sets the variable for functions with the JSON log format. */
export const logLevel = (): string | undefined => optionalVariable("AWS_LAMBDA_LOG_LEVEL");
