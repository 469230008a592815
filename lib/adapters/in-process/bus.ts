/**
 * A bus within one process, for tests and small set-ups: handlers subscribe to it as they do to any other, and are not
 * told apart. Each has a queue of its own, its own delivery policy, and dead letters after it. Events travel as
 * CloudEvents, so that what cannot travel fails here too. What is under way ends with the process.
 */

import { type DeliveryPolicy, usualDelivery } from "../../model/delivery/delivery-policy.ts";
import { type Interest, wants } from "../../model/delivery/interest.ts";
import { fromCloudEvent, toCloudEvent } from "../../model/events/cloud-event.ts";
import type { RecordedEvent } from "../../model/message.ts";
import { type Bus, type PublishOutcome, published, refused } from "../../ports/bus.ts";
import type { Clock } from "../../ports/clock.ts";
import type { DeadLetter, DeadLetters } from "../../ports/dead-letters.ts";
import type { Deadline } from "../../ports/deadlines.ts";
import type { Delivery, Handle } from "../../ports/delivery.ts";
import { type QueuePorts, queue } from "./queue.ts";

export type Subscription = {
  /** The effect or the saga. */
  readonly handler: string;
  readonly interest: Interest;
  readonly delivery?: DeliveryPolicy;
  readonly handle: Handle;
};

export type InProcessBus = Bus & {
  readonly subscribe: (subscription: Subscription) => void;
  readonly remind: (saga: string, deadline: Deadline) => void;
  readonly deadLetters: DeadLetters;
  /** From here on nobody reaches it. */
  readonly close: () => void;
};

export type InProcessBusOptions = QueuePorts & {
  readonly clock: Clock;
  /** Names the application. */
  readonly source: string;
};

type Content =
  | { readonly kind: "event"; readonly event: RecordedEvent }
  | ({ readonly kind: "deadline" } & Deadline);

type Buried = { readonly letter: DeadLetter; readonly content: Content };

type Subscribed = {
  readonly isWanted: (event: RecordedEvent) => boolean;
  readonly send: (content: Content) => void;
  readonly buried: Buried[];
};

/** What EventBridge takes as one entry: what is larger travels on no bus. */
const bytesMax = 1024 * 1024 - 1;
/** As many as Lambda begins with for a queue. */
const concurrencyUsual = 5;

export const inProcessBus = ({ clock, source, ...ports }: InProcessBusOptions): InProcessBus => {
  const subscribed = new Map<string, Subscribed>();
  let isOpen = true;
  let sent = 0;

  const bodyOf = (content: Content): string =>
    content.kind === "event"
      ? JSON.stringify({
          source,
          "detail-type": content.event.type,
          detail: toCloudEvent(content.event, source),
        })
      : JSON.stringify(content);

  const subscribe = ({ handler, interest, delivery = {}, handle }: Subscription) => {
    const buried: Buried[] = [];
    const giveUp = ({ id: _, receiveCount: __, ...content }: Delivery, because: string) => {
      if (content.kind === "execution-ended") return;
      const at = content.kind === "event" ? content.event.metadata.recordedAt : clock().toISOString();
      const letter = {
        payload: bodyOf(content),
        at,
        because,
        ...(content.kind === "event" && { event: content.event }),
      };
      buried.push({ letter, content });
      ports.log.count("DeliveryFailing");
      ports.log.write({ kind: "problem", message: `${handler}: a dead letter: ${because}` });
    };
    const enqueue = queue<Delivery>(ports, {
      consume: handle,
      attempts: delivery.attempts ?? usualDelivery.attempts,
      concurrency: delivery.concurrency ?? concurrencyUsual,
      giveUp,
    });
    const send = (content: Content) => {
      sent += 1;
      enqueue({ ...content, id: `${sent}`, receiveCount: 1 });
    };
    subscribed.set(handler, { isWanted: wants(interest), send, buried });
  };

  const publish = (event: RecordedEvent): PublishOutcome => {
    const body = bodyOf({ kind: "event", event });
    if (Buffer.byteLength(body) > bytesMax) return refused(`an event of more than ${bytesMax} bytes`);
    for (const { isWanted, send } of subscribed.values())
      if (isWanted(event)) send({ kind: "event", event: fromCloudEvent(JSON.parse(body).detail) });
    return published;
  };

  const buriedOf = (handler: string): Buried[] => subscribed.get(handler)?.buried ?? [];

  return {
    publish: async (events) => {
      if (!isOpen) throw new Error("the bus is closed");
      return events.map(publish);
    },
    subscribe,
    remind: (saga, deadline) => subscribed.get(saga)?.send({ kind: "deadline", ...deadline }),
    deadLetters: {
      list: async (handler, countMax) =>
        buriedOf(handler)
          .slice(0, countMax)
          .map(({ letter }) => letter),
      redrive: async (handler, choose) => {
        const buried = buriedOf(handler);
        const chosen = choose(buried.map(({ letter }) => letter));
        for (const each of chosen) {
          const index = buried.findIndex(({ letter }) => letter === each);
          const [found] = buried.splice(index, 1);
          if (found) subscribed.get(handler)?.send(found.content);
        }
        return { count: chosen.length, more: false };
      },
    },
    close: () => {
      isOpen = false;
    },
  };
};
