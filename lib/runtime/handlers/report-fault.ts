/** Writes the full fault of a task to the log, and one sentence about it to the instance, where operators look. */
import type { Clock } from "../../ports/clock.ts";
import type { Instances } from "../../ports/instances.ts";
import type { Log } from "../../ports/log.ts";
import { sentenceOf } from "./sentence.ts";

export type ReportFaultPorts = {
  readonly instances: Pick<Instances, "fail">;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * Never throws. The fault may be that instances cannot be written, and the caller rethrows the original fault
 * anyway.
 */
export const reportFault = async (
  { instances, clock, log }: ReportFaultPorts,
  { sagaId, step }: { readonly sagaId: string; readonly step: string },
  error: unknown,
): Promise<void> => {
  log.write({ kind: "problem", message: `${sagaId} ${step} failed: ${error}`, sagaId, step, error });
  try {
    await instances.fail(sagaId, { step, because: sentenceOf(error), at: clock().toISOString() });
  } catch (fault) {
    log.write({
      kind: "problem",
      message: `could not store the fault of ${sagaId}: ${fault}`,
      sagaId,
      error: fault,
    });
  }
};
