/** Which broker is meant, as context of the synthesis, from the variables that functions read too. */

/** Nobody signs in to these: a broker on this machine is reached by the URL alone. */
const here = {
  rabbitmqBroker: "arn:aws:mq:eu-central-1:123456789012:broker:here:b-here",
  rabbitmqSecret: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:here-AbCdEf",
} as const;

const needed = (bus: string, name: string, example: string): string => {
  const value = process.env[name];
  if (value) return value;
  throw new Error(
    `--bus ${bus} needs the environment variable ${name}, such as ${name}=${example}; with containers, docker compose up -d starts a broker there`,
  );
};

/** Throws where a variable is missing; a bus that is none is left for the synthesis to refuse. */
export const brokerContext = (bus: string | undefined): Readonly<Record<string, string>> => {
  switch (bus) {
    case undefined:
      return {};
    case "kafka":
      return { bus, kafka: needed(bus, "KAFKA_BROKERS", "127.0.0.1:9092") };
    case "rabbitmq":
      return { bus, rabbitmq: needed(bus, "AMQP_URL", "amqp://guest:guest@127.0.0.1:5672"), ...here };
    default:
      return { bus };
  }
};

export const hasBrokers = (bus: string | undefined): bus is "kafka" | "rabbitmq" =>
  bus === "kafka" || bus === "rabbitmq";

const loopback = /(^|[/@,])(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:|\/|$)/;

/** Whether the broker is on this machine: only there is anything taken away. */
export const isHere = (bus: "kafka" | "rabbitmq"): boolean => {
  const places = (process.env[bus === "kafka" ? "KAFKA_BROKERS" : "AMQP_URL"] ?? "").split(",");
  return places.every((place) => loopback.test(place));
};
