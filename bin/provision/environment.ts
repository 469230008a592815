/** Derives the context of the synthesis from the environment variables that name a broker. */

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

/** Throws if a variable is missing. An unknown bus is passed on, and the synthesis refuses it. */
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

/** Whether the broker runs on this machine. Only such a broker may be emptied. */
export const isHere = (bus: "kafka" | "rabbitmq"): boolean => {
  const places = (process.env[bus === "kafka" ? "KAFKA_BROKERS" : "AMQP_URL"] ?? "").split(",");
  return places.every((place) => loopback.test(place));
};
