import { machineErrors } from "../../model/sagas/machine-task.ts";

/** A fault that passes by itself; state machines retry it by this name. */
export class Retryable extends Error {
  override readonly name = machineErrors.retryable;
}
