/**
 * Dead letters when the bus is RabbitMQ: messages from RabbitMQ are in its dead-letter queues, all other messages
 * in dead-letter queues of SQS.
 */
import { rabbitMqConnection } from "../../lib/adapters/rabbitmq/client.ts";
import { rabbitMqDeadLetterQueues } from "../../lib/adapters/rabbitmq/dead-letters/dead-letter-queues.ts";
import { brokerUrl, eventSource } from "../../lib/adapters/rabbitmq/settings.ts";
import { sqsClient } from "../../lib/adapters/sqs/client.ts";
import { sqsDeadLetters } from "../../lib/adapters/sqs/dead-letters/dead-letters.ts";
import { queueOf } from "../../lib/adapters/sqs/settings.ts";
import { system } from "../../lib/adapters/system/system.ts";
import { allDeadLetters } from "../../lib/runtime/operations/all-dead-letters.ts";

export const deadLetters = (isTranslator: (handler: string) => boolean) => {
  const options = { source: eventSource(), isTranslator };
  const queues = rabbitMqDeadLetterQueues(rabbitMqConnection(brokerUrl(), system.log), options);
  return allDeadLetters(sqsDeadLetters(sqsClient(), queueOf, isTranslator), queues);
};
