/** Which bus a function publishes to, from its environment. Throws where a variable is missing. */
import type { EventBridgeSettings } from "./bus.ts";

export const variables = { bus: "EVENT_BUS_NAME", source: "EVENT_SOURCE" } as const;

const variable = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`environment variable ${name} is missing`);
  return value;
};

export const busSettings = (): EventBridgeSettings => ({
  busName: variable(variables.bus),
  source: variable(variables.source),
});
