/** RabbitMQ as the bus. Its events arrive through event source mappings, all other messages through queues. */
import { rabbitMqBus } from "../../lib/adapters/rabbitmq/bus.ts";
import { rabbitMqConnection } from "../../lib/adapters/rabbitmq/client.ts";
import { rabbitMqDeadLetters } from "../../lib/adapters/rabbitmq/dead-letters/dead-letters.ts";
import { rabbitMqHandler, rabbitMqIntake } from "../../lib/adapters/rabbitmq/handler/handler.ts";
import { attempts, brokerUrl, busSettings, eventSource } from "../../lib/adapters/rabbitmq/settings.ts";
import { sqsClient } from "../../lib/adapters/sqs/client.ts";
import { sqsHandler, sqsIntake } from "../../lib/adapters/sqs/handler.ts";
import { queueOrElse } from "../../lib/adapters/sqs/queue-or-else.ts";
import { system } from "../../lib/adapters/system/system.ts";
import type { Bus } from "../../lib/ports/bus.ts";
import type { ForeignDelivery, Handle } from "../../lib/ports/delivery.ts";
import type { EventStore } from "../../lib/ports/event-store.ts";
import { toTheEnd } from "../../lib/runtime/handlers/to-the-end.ts";
import { inOrder } from "../../lib/runtime/publishing/stream-order.ts";

export { deadLetters } from "./rabbitmq-dead-letters.ts";

const connection = () => rabbitMqConnection(brokerUrl(), system.log);

export const publisher = (): Bus => rabbitMqBus(connection(), busSettings(), system);
export const order = (store: () => EventStore) => inOrder(store);
const queue = () => ({ client: sqsClient(), ...system });
const kept = () => rabbitMqDeadLetters(connection(), eventSource());
const ports = () => ({ deadLetters: kept(), ...system });
const patience = () => ({ attempts: attempts(), ...system });
export const consumer = (handle: Handle) =>
  queueOrElse(sqsHandler(handle, queue()), rabbitMqHandler(toTheEnd(handle, patience()), ports()));
export const foreignConsumer = (handle: Handle<ForeignDelivery>) =>
  queueOrElse(sqsIntake(handle, queue()), rabbitMqIntake(toTheEnd(handle, patience()), ports()));
