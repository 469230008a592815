/** One client per container. Faults are returned or thrown, so the client itself logs nothing. */
import { Kafka, logLevel, type SASLOptions } from "kafkajs";
import { mskToken } from "./msk/token.ts";

/** How the client connects to the brokers. */
export type Security =
  | { readonly kind: "plaintext" | "tls" }
  | {
      readonly kind: "plain" | "scram-sha-256" | "scram-sha-512";
      readonly username: string;
      readonly password: string;
    }
  /** Amazon MSK with the permissions of the function's role. */
  | { readonly kind: "iam"; readonly region: string };

/** The brokers, and how to connect to them. */
export type KafkaSettings = {
  /** Each as host:port. Each broker knows the others. */
  readonly brokers: readonly string[];
  readonly security: Security;
};

const saslOf = (security: Security): SASLOptions | undefined => {
  switch (security.kind) {
    case "plaintext":
    case "tls":
      return undefined;
    case "iam":
      return {
        mechanism: "oauthbearer",
        oauthBearerProvider: async () => ({ value: await mskToken(security.region, new Date()) }),
      };
    default: {
      const { kind: mechanism, username, password } = security;
      // The type checker does not spread a union of mechanisms over the union of their options.
      return { mechanism, username, password } as SASLOptions;
    }
  }
};

/** A client of Kafka. */
export const kafkaClient = ({ brokers, security }: KafkaSettings): Kafka =>
  new Kafka({
    clientId: "eventfold",
    brokers: [...brokers],
    ssl: security.kind !== "plaintext",
    sasl: saslOf(security),
    connectionTimeout: 3000,
    authenticationTimeout: 5000,
    requestTimeout: 10_000,
    retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 2000 },
    logLevel: logLevel.NOTHING,
  });
