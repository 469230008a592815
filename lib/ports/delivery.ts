/** What a queue brings to a saga, an effect or a translator: at least once, in any order. */
import type { ForeignEvent } from "../model/events/foreign-event.ts";
import type { RecordedEvent } from "../model/message.ts";
import type { Deadline } from "./deadlines.ts";

type Arrival = {
  /** Names this delivery to the queue. */
  readonly id: string;
  /** How often it has come, this time included. */
  readonly receiveCount: number;
};

export type Delivery = Arrival &
  (
    | { readonly kind: "event"; readonly event: RecordedEvent }
    | ({ readonly kind: "deadline" } & Deadline)
    | {
        /** An execution of a saga that ended without an end of the saga. */
        readonly kind: "execution-ended";
        readonly sagaId: string;
        /** The name it was started with. */
        readonly execution: string;
        readonly status: string;
        readonly because: string;
      }
  );

/** What another system has published. */
export type ForeignDelivery = Arrival & {
  readonly event: ForeignEvent;
  /** Deliveries of one sequence keep their order. A delivery without one has no order. */
  readonly sequence?: string;
};

/**
 * A delivery that is not done.
 * - retry: the failure may pass, so the delivery comes again.
 * - dead: no attempt can ever succeed. The delivery goes to the dead letters at once, with the reason.
 */
export type NotDone = { readonly id: string } & (
  | { readonly kind: "retry" }
  | { readonly kind: "dead"; readonly because: string }
);

export const retry = (id: string): NotDone => ({ kind: "retry", id });
export const dead = (id: string, because: string): NotDone => ({ kind: "dead", id, because });

/** Handles a batch and answers the deliveries that are not done. All others are done. */
export type Handle<Each = Delivery> = (deliveries: readonly Each[]) => Promise<readonly NotDone[]>;

/**
 * A message of a broker. `read` returns nothing if the handler does not want it, and throws, saying what is wrong, if
 * it is unreadable.
 */
export type Unread<Each> = { readonly id: string; readonly read: () => Each | undefined };

/** A message that was given up after this number of attempts; 0 if it is unreadable. */
export type GivenUp = { readonly id: string; readonly because: string; readonly attempts: number };

/**
 * Handles a batch to its end, in as many attempts as it needs. `giveUp` gets each message that is unreadable or dead, as
 * soon as that is known, and keeps it. If `giveUp` throws, this throws too, and the whole batch must come again.
 */
export type HandleToTheEnd<Each = Delivery> = (
  messages: readonly Unread<Each>[],
  giveUp: (message: GivenUp) => Promise<void>,
) => Promise<void>;
