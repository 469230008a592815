/**
 * A bus within one process, for tests and small deployments. Handlers subscribe to it as they do to any other bus.
 * Each has its own queue, delivery policy and dead letters. Events travel as CloudEvents, so an event that other
 * buses cannot carry fails here too. Work in progress is lost when the process ends.
 */

import type { DeliveryPolicy } from "../../model/delivery/delivery-policy.ts";
import { type Interest, wants } from "../../model/delivery/interest.ts";
import { fromCloudEvent, toCloudEvent } from "../../model/events/cloud-event.ts";
import { type ForeignEvent, toForeignEvent } from "../../model/events/foreign-event.ts";
import type { RecordedEvent } from "../../model/message.ts";
import type { AnyTranslator } from "../../model/translator.ts";
import { type Bus, type PublishOutcome, published, refused } from "../../ports/bus.ts";
import type { Clock } from "../../ports/clock.ts";
import type { DeadLetters } from "../../ports/dead-letters.ts";
import type { Deadline } from "../../ports/deadlines.ts";
import type { Delivery, ForeignDelivery, Handle } from "../../ports/delivery.ts";
import { type HandlerQueue, handlerQueue } from "./handler-queue.ts";
import type { QueuePorts } from "./queue.ts";

type HandlerSubscription = {
  /** The name of the effect or saga. */
  readonly handler: string;
  readonly interest: Interest;
  readonly delivery?: DeliveryPolicy;
  readonly handle: Handle;
};

type TranslatorSubscription = {
  readonly translator: AnyTranslator;
  readonly handle: Handle<ForeignDelivery>;
};

type InProcessBus = Bus & {
  readonly subscribe: (subscription: HandlerSubscription) => void;
  readonly subscribeForeign: (subscription: TranslatorSubscription) => void;
  /**
   * Publishes an event of another system, a CloudEvent in the JSON format. Throws, with the reason, if the value is
   * not a CloudEvent.
   */
  readonly publishForeign: (cloudEvent: unknown) => void;
  readonly remind: (saga: string, deadline: Deadline) => void;
  readonly deadLetters: DeadLetters;
  /** Makes every later `publish` throw. */
  readonly close: () => void;
};

type InProcessBusOptions = QueuePorts & {
  readonly clock: Clock;
  /** The name of the application. */
  readonly source: string;
};

type Content =
  | { readonly kind: "event"; readonly event: RecordedEvent }
  | ({ readonly kind: "deadline" } & Deadline);

type Subscribed = {
  readonly isWanted: (event: RecordedEvent) => boolean;
  readonly queue: HandlerQueue<Content>;
};

/** The maximum size of an entry in EventBridge. The same limit applies on every bus. */
const bytesMax = 1024 * 1024 - 1;

const bodyOf = (content: Content, source: string): string =>
  content.kind === "event"
    ? JSON.stringify({
        source,
        "detail-type": content.event.type,
        detail: toCloudEvent(content.event, source),
      })
    : JSON.stringify(content);

const deadLettersIn = (
  queueOf: (handler: string) => Pick<HandlerQueue<never>, "letters" | "redrive"> | undefined,
): DeadLetters => ({
  list: async (handler, countMax) => queueOf(handler)?.letters().slice(0, countMax) ?? [],
  redrive: async (handler, choose) => {
    const queue = queueOf(handler);
    return { count: queue?.redrive(choose(queue.letters())) ?? 0, more: false };
  },
});

const foreignQueue = (
  ports: QueuePorts & { readonly clock: Clock },
  { translator, handle }: TranslatorSubscription,
): HandlerQueue<ForeignEvent> =>
  handlerQueue<ForeignEvent, ForeignDelivery>(ports, {
    handler: translator.name,
    ...(translator.delivery && { delivery: translator.delivery }),
    handle,
    deliveryOf: (event, item) => ({ ...item, event }),
    deadLetterOf: (foreign) => ({
      payload: JSON.stringify(foreign),
      foreign,
      at: ports.clock().toISOString(),
    }),
  });

/** A bus within this process. */
export const inProcessBus = ({ source, ...ports }: InProcessBusOptions): InProcessBus => {
  const subscribed = new Map<string, Subscribed>();
  const foreign = new Map<AnyTranslator, HandlerQueue<ForeignEvent>>();
  let isOpen = true;

  const subscribe = ({ handler, interest, delivery, handle }: HandlerSubscription) => {
    const queue = handlerQueue<Content, Delivery>(ports, {
      handler,
      ...(delivery && { delivery }),
      handle,
      deliveryOf: (content, item) => ({ ...content, ...item }),
      deadLetterOf: (content) => ({
        payload: bodyOf(content, source),
        at: content.kind === "event" ? content.event.metadata.recordedAt : ports.clock().toISOString(),
        ...(content.kind === "event" && { event: content.event }),
      }),
    });
    subscribed.set(handler, { isWanted: wants(interest), queue });
  };

  const publish = (event: RecordedEvent): PublishOutcome => {
    const body = bodyOf({ kind: "event", event }, source);
    if (Buffer.byteLength(body) > bytesMax) return refused(`the event has more than ${bytesMax} bytes`);
    for (const { isWanted, queue } of subscribed.values())
      if (isWanted(event)) queue.send({ kind: "event", event: fromCloudEvent(JSON.parse(body).detail) });
    return published;
  };

  const publishForeign = (cloudEvent: unknown): void => {
    const event = toForeignEvent(cloudEvent);
    for (const [translator, queue] of foreign)
      if (translator.source === event.source && translator.type === event.type) queue.send(event);
  };

  return {
    publish: async (events) => {
      if (!isOpen) throw new Error("the bus is closed");
      return events.map(publish);
    },
    subscribe,
    subscribeForeign: (subscription) =>
      void foreign.set(subscription.translator, foreignQueue(ports, subscription)),
    publishForeign,
    remind: (saga, deadline) => subscribed.get(saga)?.queue.send({ kind: "deadline", ...deadline }),
    deadLetters: deadLettersIn(
      (handler) => subscribed.get(handler)?.queue ?? [...foreign].find(([{ name }]) => name === handler)?.[1],
    ),
    close: () => {
      isOpen = false;
    },
  };
};
