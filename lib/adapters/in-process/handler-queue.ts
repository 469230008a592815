/** The queue of one handler, with its delivery policy and its dead letters. */
import { type DeliveryPolicy, usualDelivery } from "../../model/delivery/delivery-policy.ts";
import type { DeadLetter } from "../../ports/dead-letters.ts";
import type { Handle } from "../../ports/delivery.ts";
import { type Item, type QueuePorts, queue } from "./queue.ts";

/** A queue, and its dead letters. */
export type HandlerQueue<Content> = {
  readonly send: (content: Content) => void;
  readonly letters: () => readonly DeadLetter[];
  /** Sends the content of these dead letters again, in order, and returns their number. */
  readonly redrive: (chosen: readonly DeadLetter[]) => number;
};

type HandlerQueueOptions<Content, Each> = {
  readonly handler: string;
  readonly delivery?: DeliveryPolicy;
  readonly handle: Handle<Each>;
  readonly deliveryOf: (content: Content, item: Item) => Each;
  readonly deadLetterOf: (content: Content) => DeadLetter;
};

/** The default number of functions that Lambda starts for a queue. */
const concurrencyUsual = 5;

/** The queue of a handler. */
export const handlerQueue = <Content, Each>(
  ports: QueuePorts,
  { handler, delivery = {}, handle, deliveryOf, deadLetterOf }: HandlerQueueOptions<Content, Each>,
): HandlerQueue<Content> => {
  const dead = new Map<DeadLetter, Content>();
  let sent = 0;

  const giveUp = ({ content }: { readonly content: Content }, because: string) => {
    dead.set({ ...deadLetterOf(content), because }, content);
    ports.log.count("DeliveryFailing");
    ports.log.write({ kind: "problem", message: `a delivery of ${handler} is a dead letter: ${because}` });
  };
  const enqueue = queue<Item & { readonly content: Content }>(ports, {
    consume: (items) => handle(items.map(({ content, ...item }) => deliveryOf(content, item))),
    attempts: delivery.attempts ?? usualDelivery.attempts,
    concurrency: delivery.concurrency ?? concurrencyUsual,
    giveUp,
  });
  const send = (content: Content) => {
    sent += 1;
    enqueue({ content, id: `${sent}`, receiveCount: 1 });
  };

  return {
    send,
    letters: () => [...dead.keys()],
    redrive: (chosen) => {
      for (const deadLetter of chosen) {
        const content = dead.get(deadLetter);
        if (content !== undefined && dead.delete(deadLetter)) send(content);
      }
      return chosen.length;
    },
  };
};
