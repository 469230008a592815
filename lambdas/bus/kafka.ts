/** Kafka as the bus. Its events arrive through event source mappings, all other messages through queues. */
import { kafkaBus } from "../../lib/adapters/kafka/bus.ts";
import { kafkaClient } from "../../lib/adapters/kafka/client.ts";
import { kafkaDeadLetters } from "../../lib/adapters/kafka/dead-letters/dead-letters.ts";
import { deliverer, foreignDeliverer } from "../../lib/adapters/kafka/handler/deliver.ts";
import { kafkaHandler } from "../../lib/adapters/kafka/handler/handler.ts";
import { idempotentProducer } from "../../lib/adapters/kafka/producer.ts";
import * as settings from "../../lib/adapters/kafka/settings.ts";
import { sqsClient } from "../../lib/adapters/sqs/client.ts";
import { sqsHandler, sqsIntake } from "../../lib/adapters/sqs/handler.ts";
import { queueOrElse } from "../../lib/adapters/sqs/queue-or-else.ts";
import { system } from "../../lib/adapters/system/system.ts";
import type { Bus } from "../../lib/ports/bus.ts";
import type { ForeignDelivery, Handle } from "../../lib/ports/delivery.ts";
import type { EventStore } from "../../lib/ports/event-store.ts";
import { toTheEnd } from "../../lib/runtime/handlers/to-the-end.ts";
import { inOrder } from "../../lib/runtime/publishing/stream-order.ts";

export { deadLetters } from "./kafka-dead-letters.ts";

const producer = () => idempotentProducer(kafkaClient(settings.kafkaSettings()));

export const publisher = (): Bus => kafkaBus(producer(), settings.kafkaBusSettings());
export const order = (store: () => EventStore) => inOrder(store);
const queue = () => ({ client: sqsClient(), ...system });
const kept = () => kafkaDeadLetters(producer(), settings.consumerGroup());
const ports = () => ({ interest: settings.subscribedTo(), deadLetters: kept(), ...system });
const tries = () => ({ attempts: settings.attempts(), ...system });
export const consumer = (handle: Handle) =>
  queueOrElse(sqsHandler(handle, queue()), kafkaHandler(deliverer(toTheEnd(handle, tries()), ports())));
export const foreignConsumer = (handle: Handle<ForeignDelivery>) =>
  queueOrElse(sqsIntake(handle, queue()), kafkaHandler(foreignDeliverer(toTheEnd(handle, tries()), ports())));
