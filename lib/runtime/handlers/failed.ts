/** What becomes of a delivery whose handling has failed. */
import { deadBecause } from "../../model/delivery/dead-because.ts";
import { dead, type NotDone, retry } from "../../ports/delivery.ts";
import { PermanentError } from "../../ports/permanent-error.ts";

/** A permanent error follows from what the delivery says, so every attempt fails in the same way. */
export const failed = (id: string, error: unknown): NotDone =>
  error instanceof PermanentError ? dead(id, deadBecause("refused", error)) : retry(id);
