/** The bus that a function publishes to, from its environment. Throws if a variable is missing. */
import { variable } from "../../ports/settings.ts";
import type { EventBridgeSettings } from "./bus.ts";

/** The environment variables. */
export const variables = { bus: "EVENT_BUS_NAME", source: "EVENT_SOURCE" } as const;

/** The settings of the bus. */
export const busSettings = (): EventBridgeSettings => ({
  busName: variable(variables.bus),
  source: variable(variables.source),
});
