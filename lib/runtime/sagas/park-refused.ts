/**
 * Parks an instance of a saga if a port refuses its content, if its definition cannot continue it, or if an event of it
 * cannot be read, so that operators see it and it is not retried forever. The mark is stored beside the history, because the history cannot record it.
 */
import { UnreadableEvent } from "../../model/events/current.ts";
import { isUnreadableForNow } from "../../model/events/unreadable-for-now.ts";
import type { AnySaga } from "../../model/saga.ts";
import type { Clock } from "../../ports/clock.ts";
import type { InstanceItem, Instances } from "../../ports/instances.ts";
import type { Log } from "../../ports/log.ts";
import { PermanentError } from "../../ports/permanent-error.ts";
import { sagaLog } from "./saga-log.ts";

export type ParkRefusedPorts = {
  readonly instances: Instances;
  readonly clock: Clock;
  readonly log: Log;
};

/** The definition of a saga fails for the history of an instance. A corrected definition continues it. */
export class CannotContinue extends PermanentError {}

/** Today's code cannot read an event of the instance, or of a stream that it commands. */
class CannotBeRead extends PermanentError {}

/** The error as a permanent one, if an event cannot be read and no retry can help. */
export const asPermanent = (error: unknown, now: Date): unknown =>
  error instanceof UnreadableEvent && !isUnreadableForNow(error, now)
    ? new CannotBeRead(error.message, { cause: error })
    : error;

const reasonOf = (error: PermanentError) => {
  if (error instanceof CannotContinue) return { code: "cannot-continue", because: error.message };
  if (error instanceof CannotBeRead) return { code: "cannot-be-read", because: error.message };
  return { code: "cannot-be-stored", because: `it can never be stored: ${error.message}` };
};

/**
 * `event` is the dead letter that must be redriven. An id that can never be stored cannot be marked either. In that
 * case only the log and the dead letter report it.
 */
export const parkRefused = async (
  saga: AnySaga,
  { instances, clock, log }: ParkRefusedPorts,
  id: string,
  error: PermanentError,
  event?: string,
): Promise<void> => {
  const { code, because } = reasonOf(error);
  log.count("SagaParked");
  log.write({ kind: "problem", message: `${id} is parked: ${because}`, sagaId: id });
  try {
    const at = clock().toISOString();
    await sagaLog(saga, instances).park(id, { code, because, at, ...(event && { event }) });
  } catch (fault) {
    if (!(fault instanceof PermanentError)) throw fault;
  }
};

/** Whether the instance is marked as parked and no operator has decided since. */
export const isRefused = ({ parked, resumed }: InstanceItem): boolean =>
  parked !== undefined && !(resumed && parked.at <= resumed.at);
