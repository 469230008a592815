/** The environment that names the role of a function. */
import type { System } from "../../constructs/ports.ts";
import { variables } from "./settings.ts";

/** The environment variables that name a function's role. */
export const systemResources: System = ({ namespace, saga, effect, translator }) => ({
  environment: {
    [variables.namespace]: namespace,
    ...(saga !== undefined && { [variables.saga]: saga }),
    ...(effect !== undefined && { [variables.effect]: effect }),
    ...(translator !== undefined && { [variables.translator]: translator }),
  },
  statements: [],
});
