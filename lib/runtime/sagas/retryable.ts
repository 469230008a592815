import { machineErrors } from "../../model/sagas/machine-task.ts";

/** A transient fault. State machines retry it by this name. */
export class Retryable extends Error {
  override readonly name = machineErrors.retryable;
}
