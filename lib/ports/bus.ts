/** Where events leave the store for everybody who subscribes. */
import type { RecordedEvent } from "../model/message.ts";

/**
 * What became of one event; `because` is what the bus said of it.
 * - failed: the bus did not take it this time.
 * - refused: the bus never takes it, for what is in it: it is too large, or it has a text that cannot travel.
 */
export type PublishOutcome =
  | { readonly kind: "published" }
  | { readonly kind: "failed" | "refused"; readonly because: string };

export const published: PublishOutcome = { kind: "published" };
export const failed = (because: string): PublishOutcome => ({ kind: "failed", because });
export const refused = (because: string): PublishOutcome => ({ kind: "refused", because });

export type Bus = {
  /**
   * Publishes each event, in any number of requests, and answers one outcome per event, in their order. An event that
   * the bus did not take is never silently missing, and one that is refused holds up no other. Subscribers get a
   * published event at least once. Throws if the bus is out of reach.
   */
  readonly publish: (events: readonly RecordedEvent[]) => Promise<readonly PublishOutcome[]>;
};
