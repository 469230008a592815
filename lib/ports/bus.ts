/** Where events leave the store for everybody who subscribes. */
import type { RecordedEvent } from "../model/message.ts";

/** `because` is what the bus said of this entry. */
export type PublishOutcome =
  | { readonly kind: "published" }
  | { readonly kind: "failed"; readonly because: string };

export type Bus = {
  /**
   * Publishes each event, in any number of requests, and answers one outcome per event, in their order. An
   * event that the bus did not take is `failed`, never silently missing. Subscribers get a published event at
   * least once. Throws where the bus is out of reach.
   */
  readonly publish: (events: readonly RecordedEvent[]) => Promise<readonly PublishOutcome[]>;
};
