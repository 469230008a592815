/**
 * Makes in a broker what the stack of a template needs there. The broker is the one that the environment names, in
 * the same variables as for functions.
 */
import { kafkaClient } from "../../lib/adapters/kafka/client.ts";
import { kafkaSettings } from "../../lib/adapters/kafka/settings.ts";
import { createTopics, emptyTopics, type TopicOptions } from "../../lib/adapters/kafka/topics.ts";
import { memoryLog } from "../../lib/adapters/memory/log.ts";
import { rabbitMqConnection } from "../../lib/adapters/rabbitmq/client.ts";
import { declare, purge } from "../../lib/adapters/rabbitmq/declare.ts";
import { brokerUrl } from "../../lib/adapters/rabbitmq/settings.ts";
import { type Template, topicsIn, topologyIn } from "./template.ts";

type ProvisionOptions = TopicOptions & {
  /** What is there of earlier runs is taken away. */
  readonly emptied: boolean;
};

const inKafka = async (template: Template, { emptied, ...options }: ProvisionOptions) => {
  const kafka = kafkaClient(kafkaSettings());
  const topics = topicsIn(template);
  if (emptied) await emptyTopics(kafka, topics);
  await createTopics(kafka, topics, options);
  return topics;
};

const inRabbitMq = async (template: Template, { emptied }: ProvisionOptions) => {
  const connection = rabbitMqConnection(brokerUrl(), memoryLog());
  try {
    await connection.onConnect(5000, true);
    const topology = topologyIn(template);
    await declare(connection, topology);
    if (emptied) await purge(connection, topology);
    return topology.queues.map(({ queue }) => String(queue));
  } finally {
    await connection.close();
  }
};

/** Answers the names of the topics or queues. Throws where the broker is out of reach. */
export const provision = async (
  bus: "kafka" | "rabbitmq",
  template: Template,
  options: ProvisionOptions,
): Promise<readonly string[]> => {
  try {
    return await (bus === "kafka" ? inKafka(template, options) : inRabbitMq(template, options));
  } catch (error) {
    throw new Error(`${bus} cannot be prepared: ${error instanceof Error ? error.message : error}`);
  }
};
