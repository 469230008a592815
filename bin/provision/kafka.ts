/** Makes the topics in Kafka. */
import { kafkaClient } from "../../lib/adapters/kafka/client.ts";
import { kafkaSettings } from "../../lib/adapters/kafka/settings.ts";
import { createTopics, emptyTopics } from "../../lib/adapters/kafka/topics.ts";
import type { ProvisionOptions } from "./options.ts";
import { type Template, topicsIn } from "./template.ts";

export const inKafka = async (
  template: Template,
  { emptied, ...options }: ProvisionOptions,
): Promise<readonly string[]> => {
  const kafka = kafkaClient(kafkaSettings());
  const topics = topicsIn(template);
  if (emptied) await emptyTopics(kafka, topics);
  await createTopics(kafka, topics, options);
  return topics;
};
