/** Commits as command handlers make them. */
import type { StoredEvent } from "../../../model/message.ts";
import type { Commit } from "../../../ports/event-store.ts";

let streams = 0;

/** A stream that no other test uses. */
export const newStream = () => `order-${process.pid}-${++streams}` as const;

/** A stored event. */
export const placed = (orderId: string): StoredEvent => ({ type: "OrderPlaced", data: { orderId } });

/** A commit with these events. */
export const commit = (
  streamId: Commit["streamId"],
  version: number,
  given: Partial<Commit> = {},
): Commit => ({
  streamId,
  version,
  id: `command-${version}`,
  at: "2026-02-03T04:05:06.789Z",
  events: [placed(`${version}`)],
  metadata: { causationId: "cause-1", correlationId: "correlation-1", issuedAt: "2026-02-03T04:05:06.000Z" },
  ...given,
});
