/** The Kafka cluster of a function, from its environment. Each function throws if a variable is missing. */
import * as z from "zod";
import type { EventFilter } from "../../model/delivery/interest.ts";
import { optionalNumber, optionalVariable, variable } from "../../ports/settings.ts";
import type { KafkaBusSettings } from "./bus.ts";
import type { KafkaSettings, Security } from "./client.ts";

/** The environment variables. */
export const variables = {
  brokers: "KAFKA_BROKERS",
  security: "KAFKA_SECURITY",
  username: "KAFKA_USERNAME",
  password: "KAFKA_PASSWORD",
  source: "EVENT_SOURCE",
  attempts: "DELIVERY_ATTEMPTS",
  group: "KAFKA_GROUP",
  /** JSON. */
  interest: "KAFKA_INTEREST",
} as const;

const securityKinds = ["plaintext", "tls", "plain", "scram-sha-256", "scram-sha-512", "iam"];

/** Without the variable, the connection has neither encryption nor authentication. */
const security = (): Security => {
  const kind = optionalVariable(variables.security) ?? "plaintext";
  switch (kind) {
    case "plaintext":
    case "tls":
      return { kind };
    case "plain":
    case "scram-sha-256":
    case "scram-sha-512":
      return { kind, username: variable(variables.username), password: variable(variables.password) };
    case "iam":
      return { kind, region: variable("AWS_REGION") };
    default:
      throw new Error(
        `environment variable ${variables.security}=${kind}: must be one of ${securityKinds.join(", ")}`,
      );
  }
};

/** The settings of the client. */
export const kafkaSettings = (): KafkaSettings => ({
  brokers: variable(variables.brokers).split(","),
  security: security(),
});

/** The settings of the bus. */
export const kafkaBusSettings = (): KafkaBusSettings => ({ source: variable(variables.source) });

/** The consumer group of a subscription. Its dead-letter topic is named after it. */
export const consumerGroup = (): string => variable(variables.group);

const eventFilter = z.object({
  source: z.string().optional(),
  eventTypes: z.array(z.string()),
  saga: z.object({ name: z.string() }).optional(),
});

/**
 * A topic has the events of a whole category, and a mapping cannot filter by headers. So the function filters them
 * itself.
 */
export const subscribedTo = (): EventFilter => eventFilter.parse(JSON.parse(variable(variables.interest)));

/** How many times an event is attempted. Undefined, which means the default number, if the variable is missing. */
export const attempts = (): number | undefined => optionalNumber(variables.attempts);
