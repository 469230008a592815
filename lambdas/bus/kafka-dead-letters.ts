/** What handlers could not take: what came by Kafka stands there, all else with their queues. */
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
  // What Kafka kept and was redriven may have died again in a queue: that is the older.
  return allDeadLetters(sqsDeadLetters(client, queueOf, isTranslator), topics);
};
