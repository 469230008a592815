/** What a queue brings to a saga, an effect or a translator: at least once, in any order. */
import type { ForeignEvent } from "../model/foreign-event.ts";
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
export type ForeignDelivery = Arrival & { readonly event: ForeignEvent };

/** Whoever takes them: answers the ids of the deliveries that must come again. */
export type Handle<Each = Delivery> = (deliveries: readonly Each[]) => Promise<readonly string[]>;

/** Whoever takes the events of another system. */
export type Intake = {
  /** Throws, saying why, on an event that it can never take: to deliver it again would change nothing. */
  readonly check: (event: ForeignEvent) => void;
  readonly handle: Handle<ForeignDelivery>;
};
