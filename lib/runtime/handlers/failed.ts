/** The outcome of a delivery whose handling has failed. */
import { deadBecause } from "../../model/delivery/dead-because.ts";
import { dead, type NotDone, retry } from "../../ports/delivery.ts";
import { PermanentError } from "../../ports/permanent-error.ts";

/** A permanent error is caused by the content of the delivery, so every attempt would fail in the same way. */
export const failed = (id: string, error: unknown): NotDone =>
  error instanceof PermanentError ? dead(id, deadBecause("refused", error)) : retry(id);
