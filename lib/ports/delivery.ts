/** What a queue brings to a saga or an effect: at least once, in any order. */
import type { RecordedEvent } from "../model/message.ts";
import type { Deadline } from "./deadlines.ts";

export type Delivery = {
  /** Names this delivery to the queue. */
  readonly id: string;
  /** How often it has come, this time included. */
  readonly receiveCount: number;
} & (
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

/** Whoever takes them: answers the ids of the deliveries that must come again. */
export type Handle = (deliveries: readonly Delivery[]) => Promise<readonly string[]>;
