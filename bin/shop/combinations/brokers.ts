/** The brokers of the buses. KAFKA_BROKERS and AMQP_URL name running ones; otherwise they are started. */
import { kafkaIsAvailable, startKafka } from "../../brokers/kafka.ts";
import { rabbitMqIsAvailable, startRabbitMq } from "../../brokers/rabbitmq.ts";

export type Broker = {
  /** The environment variables that name the broker. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
};

/** Rejects if the machine cannot run the broker. */
export const brokers: Readonly<Record<string, () => Promise<Broker>>> = {
  eventbridge: async () => ({ environment: {}, stop: async () => {} }),
  kafka: async () => {
    await kafkaIsAvailable();
    const { brokers, stop } = await startKafka();
    return { environment: { KAFKA_BROKERS: brokers }, stop };
  },
  rabbitmq: async () => {
    await rabbitMqIsAvailable();
    const { url, stop } = await startRabbitMq();
    return { environment: { AMQP_URL: url }, stop };
  },
};
