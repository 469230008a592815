/** EventBridge as the bus. Its events arrive through queues. */
import { eventBridgeBus } from "../../lib/adapters/eventbridge/bus.ts";
import { eventBridgeClient } from "../../lib/adapters/eventbridge/client.ts";
import { busSettings } from "../../lib/adapters/eventbridge/settings.ts";
import { sqsClient } from "../../lib/adapters/sqs/client.ts";
import { sqsDeadLetters } from "../../lib/adapters/sqs/dead-letters/dead-letters.ts";
import { type BatchItemFailures, sqsHandler, sqsIntake } from "../../lib/adapters/sqs/handler.ts";
import { queueOf } from "../../lib/adapters/sqs/settings.ts";
import { system } from "../../lib/adapters/system/system.ts";
import type { Bus } from "../../lib/ports/bus.ts";
import type { ForeignDelivery, Handle } from "../../lib/ports/delivery.ts";
import type { EventStore } from "../../lib/ports/event-store.ts";
import { asTheyCome, type StreamOrder } from "../../lib/runtime/publishing/stream-order.ts";

type Consumer = (event: unknown) => Promise<BatchItemFailures | undefined>;

export const publisher = (): Bus => eventBridgeBus(eventBridgeClient(), busSettings());
export const order = (_store: () => EventStore): StreamOrder => asTheyCome;
export const consumer = (handle: Handle): Consumer => sqsHandler(handle, { client: sqsClient(), ...system });
export const foreignConsumer = (handle: Handle<ForeignDelivery>): Consumer =>
  sqsIntake(handle, { client: sqsClient(), ...system });
export const deadLetters = (isTranslator: (handler: string) => boolean) =>
  sqsDeadLetters(sqsClient(), queueOf, isTranslator);
