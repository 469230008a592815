/** The outcome of a delivery whose handling has failed. */
import { deadBecause } from "../../model/delivery/dead-because.ts";
import { UnreadableEvent } from "../../model/events/current.ts";
import { isUnreadableForNow } from "../../model/events/unreadable-for-now.ts";
import { dead, type NotDone, retry, wait } from "../../ports/delivery.ts";
import { PermanentError } from "../../ports/permanent-error.ts";

/**
 * A permanent error is caused by the content of the delivery, so every attempt would fail in the same way. The same
 * is true of a stored event that cannot be read, unless newer code may have recorded it.
 */
export const failed = (id: string, error: unknown, now: Date): NotDone => {
  if (error instanceof PermanentError) return dead(id, deadBecause("refused", error));
  if (!(error instanceof UnreadableEvent)) return retry(id);
  return isUnreadableForNow(error, now)
    ? wait(id, error.message)
    : dead(id, deadBecause("unreadable", error));
};
