/**
 * Whether an event that cannot be read may be readable soon. While a deployment or a rollback is under way, newer
 * code records events that this code does not know: a newer version, or a new type. So these events are retried
 * until they are ten minutes old. Data that do not fit their schema never fit later.
 */
import type { UnreadableEvent } from "./current.ts";

/** Longer than a deployment keeps two versions of the code running. */
const minutes = 10;

/** Whether a retry may help. If not, the stream, the instance or the message needs an operator. */
export const isUnreadableForNow = ({ kind, event }: UnreadableEvent, now: Date): boolean =>
  kind !== "unfit" && now.getTime() - Date.parse(event.metadata.recordedAt) < minutes * 60_000;
