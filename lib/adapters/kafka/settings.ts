/** Which Kafka a function uses, from its environment. Each throws where a variable is missing. */
import { optionalNumber, optionalVariable, variable } from "../../ports/settings.ts";
import type { KafkaBusSettings } from "./bus.ts";
import type { KafkaSettings, Security } from "./client.ts";
import { type Interest, interest } from "./interest.ts";

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

/** Without the variable, nothing is encrypted and nobody signs in. */
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
      throw new Error(`environment variable ${variables.security} is ${kind}, which is no way to sign in`);
  }
};

export const kafkaSettings = (): KafkaSettings => ({
  brokers: variable(variables.brokers).split(","),
  security: security(),
});

export const kafkaBusSettings = (): KafkaBusSettings => ({ source: variable(variables.source) });

/** The consumer group of a subscription, which also names its dead letters. */
export const consumerGroup = (): string => variable(variables.group);

export const subscribedTo = (): Interest => interest.parse(JSON.parse(variable(variables.interest)));

/** How often an event is tried; the usual number if the variable is missing. */
export const attempts = (): number | undefined => optionalNumber(variables.attempts);
