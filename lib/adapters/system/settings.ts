/** What a function is for, from its environment. Each throws where the variable is missing. */
import { optionalVariable, variable } from "../../ports/settings.ts";

export const variables = {
  saga: "SAGA",
  effect: "EFFECT",
  translator: "TRANSLATOR",
  namespace: "EVENTFOLD_NAMESPACE",
} as const;

/** The saga that the function reacts for, or whose tasks it does. */
export const sagaName = (): string => variable(variables.saga);
/** The effect that the function performs. */
export const effectName = (): string => variable(variables.effect);
/** The translator that the function is. */
export const translatorName = (): string => variable(variables.translator);
/** Where metrics are counted. */
export const namespace = (): string => variable(variables.namespace);
/** The application, as the log names it: the last part of the namespace. */
export const serviceName = (): string => namespace().split("/").at(-1) ?? "";
/** The X-Ray trace of the invocation under way, `1-…`. Lambda sets the variable before each invocation. */
export const traceId = (): string | undefined =>
  /Root=([^;]+)/.exec(optionalVariable("_X_AMZN_TRACE_ID") ?? "")?.[1];
