/** Logs the progress of a task of an instance. */
import type { Instance, Task } from "../../model/sagas/instance.ts";
import type { ParkedReason, Progress } from "../../model/sagas/verdict.ts";
import type { Log } from "../../ports/log.ts";
import { wordsOf } from "./settle.ts";

export const reportStep = (
  log: Log,
  { id, start }: Pick<Instance, "id" | "start">,
  { name, timeoutSeconds }: Pick<Task, "name"> & Partial<Pick<Task, "timeoutSeconds">>,
  progress: { readonly kind: Progress["kind"]; readonly reason?: ParkedReason },
): void => {
  const { correlationId } = start.metadata;
  const reason = progress.reason ? ` ${wordsOf(progress.reason)}` : "";
  const patience = progress.kind === "pending" && timeoutSeconds ? ` for ${timeoutSeconds} s at most` : "";
  const message = `${id} ${name} ${progress.kind}${reason}${patience}`;
  log.write({ kind: "step", message, correlationId, sagaId: id, step: name, progress: progress.kind });
};
