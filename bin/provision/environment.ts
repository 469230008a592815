/** Derives the context of the synthesis from the environment variables that name a broker. */
import type { offered } from "../../lib/deploy/context/keys.ts";

export type Bus = (typeof offered.bus)[number];

/** Placeholders for keys that a broker on this machine does not need. */
const here = {
  rabbitmqBroker: "arn:aws:mq:eu-central-1:123456789012:broker:here:b-here",
  rabbitmqSecret: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:here-AbCdEf",
} as const;

const needed = (bus: string, name: string, example: string): string => {
  const value = process.env[name];
  if (value) return value;
  throw new Error(
    `--bus ${bus} needs the environment variable ${name}, such as ${name}=${example}: the address of a broker that runs`,
  );
};

/** Throws if a variable is missing. */
export const brokerContext = (bus: Bus | undefined): Readonly<Record<string, string>> => {
  switch (bus) {
    case undefined:
      return {};
    case "kafka":
      return { bus, kafka: needed(bus, "KAFKA_BROKERS", "127.0.0.1:9092") };
    case "rabbitmq":
      return { bus, rabbitmq: needed(bus, "AMQP_URL", "amqp://guest:guest@127.0.0.1:5672"), ...here };
    case "eventbridge":
      return { bus };
  }
};

/** The buses that need brokers. */
export const withBrokers = ["kafka", "rabbitmq"] as const;

export const hasBrokers = (bus: Bus | undefined): bus is (typeof withBrokers)[number] =>
  withBrokers.some((each) => each === bus);

const loopback = /(^|[/@,])(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:|\/|$)/;

/** Whether the broker runs on this machine. Only such a broker may be emptied. */
export const isHere = (bus: "kafka" | "rabbitmq"): boolean => {
  const places = (process.env[bus === "kafka" ? "KAFKA_BROKERS" : "AMQP_URL"] ?? "").split(",");
  return places.every((place) => loopback.test(place));
};
