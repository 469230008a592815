/**
 * Handles the messages of a queue completely. Messages that are given up become dead letters with the reason. Once
 * this resolves, the messages may be acknowledged.
 */
import { fromCloudEvent } from "../../../model/events/cloud-event.ts";
import { toForeignEvent } from "../../../model/events/foreign-event.ts";
import type { Delivery, ForeignDelivery, HandleToTheEnd } from "../../../ports/delivery.ts";
import type { Log } from "../../../ports/log.ts";
import type { RabbitMqDeadLetterStore } from "../dead-letters/dead-letters.ts";
import { cloudEventIn, type Message } from "../message.ts";

/** The ports that a delivery needs. */
export type DeliverPorts = { readonly deadLetters: RabbitMqDeadLetterStore; readonly log: Log };

/** A message that was read. */
export type Incoming = {
  readonly id: string;
  readonly queue: string;
  readonly receiveCount: number;
  readonly message: Message;
};

/** Throws, with the reason, if the message is unreadable. */
type Read<Each> = (incoming: Incoming) => Each;

const ofOurs: Read<Delivery> = ({ id, receiveCount, message }) => ({
  id,
  receiveCount,
  kind: "event",
  event: fromCloudEvent(cloudEventIn(message)),
});

const ofOthers: Read<ForeignDelivery> = ({ id, receiveCount, message }) => ({
  id,
  receiveCount,
  event: toForeignEvent(cloudEventIn(message)),
});

/** Resolves once each message is handled or is a dead letter. If it throws, all messages must be redelivered. */
export type Deliver = (all: readonly Incoming[]) => Promise<void>;

const delivering = <Each>(
  read: Read<Each>,
  handle: HandleToTheEnd<Each>,
  { deadLetters, log }: DeliverPorts,
): Deliver => {
  const keep = async ({ queue, message }: Incoming, because: string) => {
    await deadLetters.keep(queue, message, because);
    log.count("DeliveryFailing");
    log.write({ kind: "problem", message: `a message of ${queue} is a dead letter: ${because}` });
  };

  return async (all) => {
    const byId = new Map(all.map((incoming) => [incoming.id, incoming] as const));
    const messages = all.map((incoming) => ({ id: incoming.id, read: () => read(incoming) }));
    await handle(messages, async ({ id, because }) => {
      const incoming = byId.get(id);
      if (incoming) await keep(incoming, because);
    });
  };
};

/** Delivers messages to a handler, and stores the ones that it gives up. */
export const deliverer = (handle: HandleToTheEnd, ports: DeliverPorts): Deliver =>
  delivering(ofOurs, handle, ports);

/** The same for events of another system. */
export const foreignDeliverer = (handle: HandleToTheEnd<ForeignDelivery>, ports: DeliverPorts): Deliver =>
  delivering(ofOthers, handle, ports);
