/**
 * Which broker a function uses, from its environment. Throws where a variable is missing. The URL says user,
 * password, host and virtual host, and `amqps:` asks for TLS; an authority that Node does not know stands in the
 * file that NODE_EXTRA_CA_CERTS names.
 */
import * as z from "zod";
import { optionalNumber, variable } from "../../ports/settings.ts";
import type { RabbitMqBusSettings } from "./bus.ts";

export const variables = {
  url: "AMQP_URL",
  source: "EVENT_SOURCE",
  attempts: "DELIVERY_ATTEMPTS",
  /** JSON: whoever publishes declares all queues first, so that no event is lost before its queue is there. */
  subscriptions: "EVENT_SUBSCRIPTIONS",
} as const;

const subscriptions = z.array(
  z.object({
    name: z.string(),
    source: z.string().optional(),
    eventTypes: z.array(z.string()),
    saga: z.object({ name: z.string(), hearsItself: z.boolean() }).optional(),
  }),
);

export const declaration = (text: string) => subscriptions.parse(JSON.parse(text));

export const brokerUrl = (): string => variable(variables.url);

export const eventSource = (): string => variable(variables.source);

export const busSettings = (): RabbitMqBusSettings => ({
  source: eventSource(),
  subscriptions: declaration(variable(variables.subscriptions)),
});

/** How often an event is tried; the usual number if the variable is missing. */
export const attempts = (): number | undefined => optionalNumber(variables.attempts);
