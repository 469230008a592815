/** The bus delivers stored events to all subscribers. */
import type { RecordedEvent } from "../model/message.ts";

/**
 * The outcome for one event. `because` is the reason that the bus gave.
 * - failed: the bus did not accept the event this time.
 * - refused: the bus never accepts the event, because of its content: it is too large, or has text that cannot be
 *   sent.
 */
export type PublishOutcome =
  | { readonly kind: "published" }
  | { readonly kind: "failed" | "refused"; readonly because: string };

/** The outcome of an event that the bus accepted. */
export const published: PublishOutcome = { kind: "published" };
/** The outcome of an event that is worth a retry. */
export const failed = (because: string): PublishOutcome => ({ kind: "failed", because });
/** The outcome of an event that the bus never accepts. */
export const refused = (because: string): PublishOutcome => ({ kind: "refused", because });

/** Publishes events. */
export type Bus = {
  /**
   * Publishes the events, in any number of requests, and answers one outcome per event, in the same order. Every
   * event that the bus did not accept has an outcome that says so, and a refused event does not hold up others.
   * Subscribers get a published event at least once. Throws if the bus cannot be reached.
   */
  readonly publish: (events: readonly RecordedEvent[]) => Promise<readonly PublishOutcome[]>;
};
