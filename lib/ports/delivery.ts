/** What a queue delivers to a saga, an effect or a translator: at least once, in any order. */
import type { ForeignEvent } from "../model/events/foreign-event.ts";
import type { RecordedEvent } from "../model/message.ts";
import type { Deadline } from "./deadlines.ts";

type Arrival = {
  /** Identifies the delivery for the queue. */
  readonly id: string;
  /** How many times it was delivered, including this time. */
  readonly receiveCount: number;
  /** While it is retried, the later deliveries of its sequence wait, as in a partition of a broker. */
  readonly blocksOthers?: true;
};

/** An event, a deadline, or the end of an execution. */
export type Delivery = Arrival &
  (
    | { readonly kind: "event"; readonly event: RecordedEvent }
    | ({ readonly kind: "deadline" } & Deadline)
    | {
        /** An execution that ended although its saga has not ended. */
        readonly kind: "execution-ended";
        readonly sagaId: string;
        /** The name of the execution. */
        readonly execution: string;
        readonly status: string;
        readonly because: string;
      }
  );

/** An event that another system has published. */
export type ForeignDelivery = Arrival & {
  readonly event: ForeignEvent;
  /** Deliveries of one sequence stay in order. Deliveries without a sequence have no order. */
  readonly sequence?: string;
};

/**
 * A delivery that was not handled.
 * - retry: the failure may be transient, so it is delivered again.
 * - wait: only newer code can handle it, and a deployment may be under way. It is delivered again and never given up.
 * - dead: no retry can succeed. It becomes a dead letter at once, with the reason.
 */
export type NotDone = { readonly id: string } & (
  | { readonly kind: "retry" }
  | { readonly kind: "wait"; readonly because: string }
  | { readonly kind: "dead"; readonly because: string }
);

/** The delivery is to be delivered again. */
export const retry = (id: string): NotDone => ({ kind: "retry", id });
/** The delivery waits for newer code. */
export const wait = (id: string, because: string): NotDone => ({ kind: "wait", id, because });
/** The delivery becomes a dead letter. */
export const dead = (id: string, because: string): NotDone => ({ kind: "dead", id, because });

/** Handles a batch and answers the deliveries that were not handled. All others are done. */
export type Handle<Each = Delivery> = (deliveries: readonly Each[]) => Promise<readonly NotDone[]>;

/**
 * A message of a broker that is not parsed yet. `read` returns undefined if the handler does not want the message,
 * and throws, with the reason, if the message is unreadable.
 */
export type Unread<Each> = { readonly id: string; readonly read: () => Each | undefined };

/** A message that was given up after this number of attempts; 0 if it is unreadable. */
export type GivenUp = { readonly id: string; readonly because: string; readonly attempts: number };

/**
 * Handles a batch completely, with as many attempts as it needs. Calls `giveUp` for each message that is unreadable
 * or dead, as soon as this is known; `giveUp` stores the message. If `giveUp` throws, this rejects too, and the
 * whole batch must be delivered again.
 */
export type HandleToTheEnd<Each = Delivery> = (
  messages: readonly Unread<Each>[],
  giveUp: (message: GivenUp) => Promise<void>,
) => Promise<void>;
