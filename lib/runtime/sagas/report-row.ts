/** Logs the steps that a delivery and the row after it have decided, and the wait that follows. */
import type { AnySaga } from "../../model/saga.ts";
import { positionOf } from "../../model/sagas/position.ts";
import { answer, type Progress } from "../../model/sagas/verdict.ts";
import type { InstanceItem } from "../../ports/instances.ts";
import type { Log } from "../../ports/log.ts";
import { reportStep } from "./report-step.ts";

/** A wait begins when a command is answered and another party must decide the step. */
const beginsToWait = (
  { kind, undecided }: Progress,
  { history }: InstanceItem,
  isNew: (id: string) => boolean,
) => kind === "pending" && undecided.some((command) => isNew(answer(command, history)?.metadata.id ?? ""));

/** `before` is the instance without the events that the delivery and the row have brought. */
export const reportRow = (
  log: Log,
  saga: AnySaga,
  { before, item }: { readonly before: InstanceItem; readonly item: InstanceItem },
): void => {
  const position = positionOf(saga, item);
  if (!position) return;
  const { instance, done, current } = position;
  const seen = new Set(before.history.map(({ metadata }) => metadata.id));
  const known = positionOf(saga, before)?.done ?? [];
  for (const name of done.slice(known.length)) reportStep(log, instance, { name }, { kind: "succeeded" });
  const isNew = (id: string) => id !== "" && !seen.has(id);
  if (current && ("reason" in current.progress || beginsToWait(current.progress, item, isNew)))
    reportStep(log, instance, current.task, current.progress);
  if (current?.progress.kind === "parked" && item.history.length > before.history.length)
    log.count("SagaParked");
};
