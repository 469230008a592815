/**
 * Dead letters when the bus is Kafka: records from Kafka are in dead-letter topics, all other messages in
 * dead-letter queues.
 */
import { kafkaClient } from "../../lib/adapters/kafka/client.ts";
import { kafkaDeadLetterTopics } from "../../lib/adapters/kafka/dead-letters/dead-letter-topics.ts";
import { idempotentProducer } from "../../lib/adapters/kafka/producer.ts";
import { kafkaBusSettings, kafkaSettings } from "../../lib/adapters/kafka/settings.ts";
import { sqsClient } from "../../lib/adapters/sqs/client.ts";
import { sqsDeadLetters } from "../../lib/adapters/sqs/dead-letters/dead-letters.ts";
import { sqsSender } from "../../lib/adapters/sqs/sender.ts";
import { queueOf } from "../../lib/adapters/sqs/settings.ts";
import { allDeadLetters } from "../../lib/runtime/operations/all-dead-letters.ts";

export const deadLetters = (isTranslator: (handler: string) => boolean) => {
  const kafka = kafkaClient(kafkaSettings());
  const client = sqsClient();
  const ports = { kafka, producer: idempotentProducer(kafka), send: sqsSender(client, queueOf) };
  const topics = kafkaDeadLetterTopics(ports, { ...kafkaBusSettings(), isTranslator });
  // Queues come first: a record that was redriven from Kafka goes through a queue, so a dead letter in the queue is
  // the older one.
  return allDeadLetters(sqsDeadLetters(client, queueOf, isTranslator), topics);
};
