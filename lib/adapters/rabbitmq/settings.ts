/**
 * The broker of a function, from its environment. Throws if a variable is missing. The URL contains user, password,
 * host and virtual host; `amqps:` means TLS. NODE_EXTRA_CA_CERTS names the file with an additional certificate
 * authority.
 */
import * as z from "zod";
import { optionalNumber, urlVariable, variable } from "../../ports/settings.ts";
import type { RabbitMqBusSettings } from "./bus.ts";

/** The environment variables. */
export const variables = {
  url: "AMQP_URL",
  source: "EVENT_SOURCE",
  attempts: "DELIVERY_ATTEMPTS",
  /** JSON. A publisher declares all queues first, so that no event is lost because its queue does not exist yet. */
  subscriptions: "EVENT_SUBSCRIPTIONS",
} as const;

const subscriptions = z.array(
  z.object({
    name: z.string(),
    source: z.string().optional(),
    eventTypes: z.array(z.string()),
    saga: z.object({ name: z.string() }).optional(),
  }),
);

/** The subscriptions that a function declares, from the JSON text of a variable. */
export const declaration = (text: string) => subscriptions.parse(JSON.parse(text));

/** The URL of the broker. */
export const brokerUrl = (): string => urlVariable(variables.url);

/** The source of the events. */
export const eventSource = (): string => variable(variables.source);

/** The settings of the bus. */
export const busSettings = (): RabbitMqBusSettings => ({
  source: eventSource(),
  subscriptions: declaration(variable(variables.subscriptions)),
});

/** How many times an event is attempted. Undefined, which means the default number, if the variable is missing. */
export const attempts = (): number | undefined => optionalNumber(variables.attempts);
